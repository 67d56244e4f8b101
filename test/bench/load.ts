import autocannon from 'autocannon'

export type Post = { readonly path: string; readonly body: unknown }
export type Answer = { readonly status: number; readonly body: string; readonly post: Post }

export type Load = {
  readonly url: string
  readonly connections: number
  readonly authorization?: string
  readonly seconds: number
  /** The next request, or undefined when there are no more. */
  readonly next: () => Post | undefined
  readonly answered?: (answer: Answer) => void
}

/** Posts as fast as the server answers and tells how many answers a second were 2xx. Throws when others came. */
export async function postsPerSecond(load: Load): Promise<number> {
  let good = 0
  const bad = new Map<number, number>()
  let lastAtMs = 0
  const startedAtMs = performance.now()
  const run = autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    headers: {
      'content-type': 'application/json',
      ...(load.authorization === undefined ? {} : { authorization: load.authorization }),
    },
    requests: [
      {
        method: 'POST',
        setupRequest: (request, context) => {
          const post = load.next()
          if (post === undefined) {
            run.stop()
            return request
          }
          ;(context as { post?: Post }).post = post
          return { ...request, path: post.path, body: JSON.stringify(post.body) }
        },
        onResponse: (status, body, context) => {
          if (status < 200 || status > 299) bad.set(status, (bad.get(status) ?? 0) + 1)
          else {
            good++
            lastAtMs = performance.now()
          }
          const { post } = context as { post?: Post }
          if (post !== undefined) load.answered?.({ status, body, post })
        },
      },
    ],
  })
  await run
  if (bad.size > 0) throw new Error(`unexpected answers: ${JSON.stringify([...bad])}`)
  return good / ((lastAtMs - startedAtMs) / 1_000)
}
