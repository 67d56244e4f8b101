import type { Detector } from '../detector.ts'
import { HOUR, MINUTE, orMake } from './windows.ts'

const BLOCK_MS = 12 * HOUR
const VOLUME = 15
const VERIFIED_SHARE = 0.2
const SETTLED_MS = 3 * MINUTE

type Send = { readonly atMs: number; verified: boolean }
type Prefix = { sends: Send[]; blockedUntilMs: number }

/**
 * In the manner of Twilio's guard: numbers that differ in the last four digits only are one prefix, for all tenants together. When
 * 15 codes of the last hour had three minutes to come back and fewer than one in five did, the prefix is blocked for 12 hours.
 * The length of the block is published, volume and share are ours.
 */
export function openPrefixGuard(): Detector {
  const prefixes = new Map<string, Prefix>()
  const sends = new Map<string, Send>()
  const prefixOf = (to: string) =>
    orMake(prefixes, to.slice(0, -4), () => ({ sends: [], blockedUntilMs: 0 }))
  return {
    decide: ({ event: { t, to } }) => {
      const prefix = prefixOf(to)
      if (t >= prefix.blockedUntilMs && isPumped(prefix, t)) prefix.blockedUntilMs = t + BLOCK_MS
      return t < prefix.blockedUntilMs
        ? { decision: 'block', reasons: ['prefix_blocked'] }
        : { decision: 'allow' }
    },
    learn: (event, sent) => {
      if (event.type === 'issue' && sent) {
        const send = { atMs: event.t, verified: false }
        sends.set(event.ref, send)
        prefixOf(event.to).sends.push(send)
      }
      if (event.type !== 'check' || !event.correct) return
      const send = sends.get(event.ref)
      if (send !== undefined) send.verified = true
    },
  }
}

function isPumped(prefix: Prefix, nowMs: number): boolean {
  prefix.sends = prefix.sends.filter(({ atMs }) => atMs > nowMs - HOUR)
  const settled = prefix.sends.filter(({ atMs }) => atMs <= nowMs - SETTLED_MS)
  const verified = settled.filter((send) => send.verified).length
  return settled.length >= VOLUME && verified < VERIFIED_SHARE * settled.length
}
