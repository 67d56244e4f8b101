import type { ReplayEvent } from '../flows/replay.ts'
import type { ClientInput } from '../risk/signals.ts'
import { eventSchema, type WireEvent, type WireIssue } from './replay-format.ts'
import { isSurely } from './replay-shapes.ts'

export type ReadEvent =
  | { readonly kind: 'event'; readonly event: ReplayEvent }
  | { readonly kind: 'malformed'; readonly reason: string }

/**
 * Reads one line of a recording. Unknown fields are ignored; what is missing or of the wrong type is named. Most lines lack
 * nothing, which is seen much sooner than what another one lacks.
 */
export function readEvent(line: string): ReadEvent {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return { kind: 'malformed', reason: 'not JSON' }
  }
  if (isSurely(json)) return { kind: 'event', event: toReplayEvent(json) }
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
    isTest: wire.test_number ?? false,
  }
}

function toClient(wire: WireIssue): ClientInput {
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
