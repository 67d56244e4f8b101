import * as z from 'zod'
import { CHANNELS } from '../domain/channel.ts'
import type { ReplayEvent } from '../flows/replay.ts'
import type { ClientInput } from '../risk/signals.ts'

const instant = z.int().nonnegative()
const ref = z.string().min(1).max(200)
const text = z.string().max(4_000).nullish()

const issue = z.object({
  type: z.literal('issue'),
  t: instant,
  ref,
  tenant: z.string().min(1).max(200),
  to: z.string().max(40),
  channel: z.enum(CHANNELS),
  purpose: text,
  ip: text,
  network: z.object({ country: z.string().nullish(), asn: z.int().nullish() }).nullish(),
  user_agent: text,
  accept_language: text,
  client_hints: z
    .object({ mobile: z.string().nullish(), platform: z.string().nullish() })
    .nullish(),
  device_id: text,
  ja4: text,
  session_age_ms: z.number().nonnegative().nullish(),
  solves_challenge: z.boolean(),
})
const eventSchema = z.discriminatedUnion('type', [
  issue,
  z.object({ type: z.literal('check'), t: instant, ref, correct: z.boolean(), ip: text }),
  z.object({
    type: z.literal('delivery'),
    t: instant,
    ref,
    status: z.enum(['delivered', 'undelivered']),
  }),
  z.object({ type: z.literal('completed'), t: instant, ref }),
  z.object({ type: z.literal('report'), t: instant, ref, label: z.enum(['fraud', 'legit']) }),
])
type WireEvent = z.infer<typeof eventSchema>

export type ReadEvent =
  | { readonly kind: 'event'; readonly event: ReplayEvent }
  | { readonly kind: 'malformed'; readonly reason: string }

/** Reads one line of a recording. Unknown fields are ignored; what is missing or of the wrong type is named. */
export function readEvent(line: string): ReadEvent {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return { kind: 'malformed', reason: 'not JSON' }
  }
  const parsed = eventSchema.safeParse(json)
  if (parsed.success) return { kind: 'event', event: toReplayEvent(parsed.data) }
  const [issueFound] = parsed.error.issues
  const place = issueFound?.path.join('.') || 'event'
  return { kind: 'malformed', reason: `${place}: ${issueFound?.message ?? 'wrong'}` }
}

/** From the words of the format to ours: null and absent are the same. */
export function toReplayEvent(wire: WireEvent): ReplayEvent {
  if (wire.type === 'check') return { ...wire, ip: wire.ip ?? undefined }
  if (wire.type !== 'issue') return wire
  const { type, t, ref: issueRef, tenant, to, channel } = wire
  return {
    type,
    t,
    ref: issueRef,
    tenant,
    to,
    channel,
    purpose: wire.purpose ?? undefined,
    client: toClient(wire),
    solvesChallenge: wire.solves_challenge,
  }
}

function toClient(wire: z.infer<typeof issue>): ClientInput {
  const { network, client_hints: hints } = wire
  return {
    ip: wire.ip ?? undefined,
    userAgent: wire.user_agent ?? undefined,
    acceptLanguage: wire.accept_language ?? undefined,
    clientHints: hints
      ? { mobile: hints.mobile ?? undefined, platform: hints.platform ?? undefined }
      : undefined,
    deviceId: wire.device_id ?? undefined,
    ja4: wire.ja4 ?? undefined,
    sessionAgeMs: wire.session_age_ms ?? undefined,
    network: network
      ? { country: network.country ?? undefined, asn: network.asn ?? undefined }
      : undefined,
  }
}
