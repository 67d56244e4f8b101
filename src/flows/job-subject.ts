import type { OutboxJob } from '../channels/outbox-store.ts'
import type { OutboundMessage } from '../channels/provider.ts'
import { CANCELED_CODE } from '../domain/batch.ts'
import type { Send } from '../domain/send.ts'
import { statusOf, type Verification } from '../domain/verification.ts'
import type { Service } from '../tenancy/tenancy.ts'
import { unsent, type Walked } from './end-of-walk.ts'
import type { House } from './house.ts'
import { codeParts, textParts } from './message-text.ts'

type Job = Pick<OutboxJob, 'send' | 'subject'>

/** Codes and texts of batches part ways here: why a message need not go any more. Undefined: somebody waits for it. */
export function outdated({ send, subject }: Job, nowMs: number): Walked | undefined {
  if (subject.kind === 'text') {
    if (subject.text.isCanceled) return unsent({ code: CANCELED_CODE })
    return send.expiresAtMs > nowMs ? undefined : EXPIRED
  }
  const { verification } = subject
  if (isExpired(send, verification, nowMs)) return EXPIRED
  return isAwaited(send, verification, nowMs) ? undefined : unsent({ code: 'code_dead' })
}

const EXPIRED = unsent({ code: 'expired_before_sending', reason: 'expired' })

/** Undefined: the service's. */
export const localeOf = ({ subject }: Pick<Job, 'subject'>): string | undefined =>
  subject.kind === 'code' ? subject.verification.locale : subject.text.locale

/** What it says, as a text and in parts. */
export function partsOf(
  { codes, platform }: Pick<House, 'codes' | 'platform'>,
  { send, subject }: Job,
  service: Service,
): Pick<OutboundMessage, 'body' | 'template' | 'segments' | 'signature'> {
  if (subject.kind === 'text') return textParts(service, subject.text)
  const { verification } = subject
  const code = codes.codeOf(verification, send.generation, verification)
  const secondsLeft = (send.expiresAtMs - platform.nowMs()) / 1000
  const { locale, amount, payee } = verification
  const { channel } = send
  return codeParts(service, { channel, code, secondsLeft, locale, amount, payee })
}

/** Its code was waited for as long as it lived. */
const isExpired = (send: Send, verification: Verification, nowMs: number): boolean =>
  statusOf(verification, nowMs) === 'expired' && send.generation === verification.sends

/** A code that was typed in, canceled or replaced meanwhile would only confuse. */
const isAwaited = (send: Send, verification: Verification, nowMs: number): boolean =>
  statusOf(verification, nowMs) === 'pending' && send.generation === verification.sends
