/** The part of the load tool that the benchmarks use; it has no types of its own. */
declare module 'autocannon' {
  type Request = { readonly method?: string; readonly path?: string; readonly body?: string }
  type Options = {
    readonly url: string
    readonly connections: number
    /** Seconds. */
    readonly duration?: number
    /** Requests in all, instead of a duration. */
    readonly amount?: number
    readonly headers: Readonly<Record<string, string>>
    readonly requests: readonly (Request & {
      readonly setupRequest: (request: Request, context: object) => Request
      readonly onResponse: (status: number, body: string, context: object) => void
    })[]
  }
  export default function autocannon(options: Options): Promise<{ readonly errors: number }>
}
