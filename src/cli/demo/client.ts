import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'
import * as z from 'zod'
import type { Platform } from '../../platform/platform.ts'

/** What the demo may ask of a service: nothing that any customer could not. */
export type DemoClient = {
  issue(ask: Ask): Promise<Issued>
  check(id: string, code: string): Promise<boolean>
  /** What the sandbox delivered to the number last; undefined when nothing came. */
  codeSentTo(to: string): Promise<string | undefined>
  report(query: Readonly<Record<string, string>>): Promise<TrafficReport>
}

export type Ask = {
  readonly to: string
  readonly purpose: string
  readonly client: Readonly<Record<string, unknown>>
  readonly challenge?: unknown
}

export type Issued =
  | { readonly kind: 'sent'; readonly id: string }
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | { readonly kind: 'refused'; readonly code: string }

/** The service cannot be used as it was told to us; the message says what to do. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}

const row = z.object({
  key: z.string(),
  requests: z.number(),
  allowed: z.number(),
  challenged: z.number(),
  blocked: z.number(),
  verified: z.number(),
  conversion: z.number().nullable(),
  spent_micros: z.number(),
  saved_micros: z.number(),
})
const trafficReport = z.object({
  currency: z.string(),
  total: row,
  top_ranges: z.array(row),
  top_asns: z.array(row),
  top_ips: z.array(row),
})
export type TrafficRow = z.infer<typeof row>
export type TrafficReport = z.infer<typeof trafficReport>

const problem = z.object({ code: z.string(), challenge: z.looseObject({}).optional() })
const issued = z.object({ id: z.string() })
const checked = z.object({ valid: z.boolean() })
const inbox = z.object({ messages: z.array(z.object({ body: z.string() })) })

type Access = { readonly url: string; readonly key: string; readonly fetch: Platform['fetch'] }

/** Throws `DemoError` where nothing listens, the key is refused, or an answer makes no sense. */
export function openClient(access: Access): DemoClient {
  const call = caller(access)
  return {
    issue: async (ask) => {
      const { status, body } = await call('POST', '/v1/verifications', ask)
      if (status === 201) return { kind: 'sent', id: issued.parse(body).id }
      const { code, challenge } = problem.parse(body)
      return challenge === undefined
        ? { kind: 'refused', code }
        : { kind: 'challenge', challenge: challenge as unknown as Challenge }
    },
    check: async (id, code) => {
      const { status, body } = await call('POST', `/v1/verifications/${id}/check`, { code })
      return status === 200 && checked.parse(body).valid
    },
    codeSentTo: async (to) => {
      const { body } = await call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(to)}`)
      const [latest] = inbox.parse(body).messages
      return latest === undefined ? undefined : /\d{4,10}/.exec(latest.body)?.[0]
    },
    report: async (query) => {
      const { body } = await call('GET', `/v1/reports/fraud?${new URLSearchParams(query)}`)
      return trafficReport.parse(body)
    },
  }
}

/** What the browser of an honest visitor does with a challenge: the work. */
export async function solve(challenge: Challenge): Promise<unknown> {
  return { challenge, solution: await solveChallenge({ challenge, deriveKey }) }
}

function caller({ url, key, fetch }: Access) {
  const headers = { authorization: `Basic ${btoa(key)}`, 'content-type': 'application/json' }
  return async (method: string, path: string, body?: unknown) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await reach(() => fetch(`${url}${path}`, { method, headers, ...text }), url)
    if (response.status === 401 || (response.status === 403 && method === 'GET')) {
      throw new DemoError(
        'the service refuses this key. It must be an admin key, such as the first one.',
      )
    }
    if (response.status >= 500) throw new DemoError(`${method} ${path} answered ${response.status}`)
    return { status: response.status, body: (await response.json()) as unknown }
  }
}

async function reach(call: () => Promise<Response>, url: string): Promise<Response> {
  try {
    return await call()
  } catch {
    throw new DemoError(`nothing answers at ${url}. Start the service with: npm start`)
  }
}
