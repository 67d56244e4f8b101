import autocannon from 'autocannon'

export type Post = { readonly path: string; readonly body: unknown }
export type Load = {
  readonly url: string
  readonly connections: number
  readonly authorization?: string
  /** How long, or how many. */
  readonly until: { readonly duration: number } | { readonly amount: number }
  readonly next: () => Post
  /** Called with every good answer. */
  readonly answered?: (body: string, post: Post) => void
}

/** Posts as fast as the server answers; how many good answers a second came. Throws when there were others. */
export async function postsPerSecond(load: Load): Promise<number> {
  const bad = new Map<number, number>()
  let good = 0
  let lastAtMs = 0
  const startedAtMs = performance.now()
  const { errors } = await autocannon({
    url: load.url,
    connections: load.connections,
    ...load.until,
    headers: {
      'content-type': 'application/json',
      ...(load.authorization === undefined ? {} : { authorization: load.authorization }),
    },
    requests: [
      {
        method: 'POST',
        setupRequest: (request, context) => {
          const post = load.next()
          Object.assign(context, { post })
          return { ...request, path: post.path, body: JSON.stringify(post.body) }
        },
        onResponse: (status, body, context) => {
          lastAtMs = performance.now()
          if (status < 200 || status > 299) bad.set(status, (bad.get(status) ?? 0) + 1)
          else good++
          const { post } = context as { readonly post: Post }
          if (status < 300) load.answered?.(body, post)
        },
      },
    ],
  })
  if (bad.size > 0 || errors > 0) {
    throw new Error(`${errors} errors, unexpected answers: ${JSON.stringify([...bad])}`)
  }
  return good / ((lastAtMs - startedAtMs) / 1_000)
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
