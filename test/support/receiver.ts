export type Received = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The parsed body. */
  readonly event: {
    readonly id: string
    readonly type: string
    readonly timestamp: string
    readonly data: Record<string, unknown>
  }
}
type Answer = (received: Received) => Response | Promise<Response>

/** What stands behind the URLs of webhooks: notes what it gets and answers as it is told. */
export function openReceiver(first: Answer = () => new Response(null, { status: 204 })) {
  const received: Received[] = []
  let answer = first
  const fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const body = String(init.body)
    const headers = Object.fromEntries(new Headers(init.headers))
    const got = { url: String(input), headers, body, event: JSON.parse(body) }
    received.push(got)
    return answer(got)
  }
  return {
    received,
    fetch: fetch as typeof globalThis.fetch,
    answerWith: (next: Answer): void => {
      answer = next
    },
    /** Types of what came in since the last call. */
    types: (): string[] => received.splice(0).map(({ event }) => event.type),
  }
}
export type Receiver = ReturnType<typeof openReceiver>
