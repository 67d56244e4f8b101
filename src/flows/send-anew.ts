import type { Resent } from '../codes/verification-store.ts'
import type { Channel } from '../domain/channel.ts'
import type { CodeSend } from '../domain/send.ts'
import type { Verification } from '../domain/verification.ts'
import type { Service } from '../tenancy/tenancy.ts'
import type { House } from './house.ts'
import { segmentsToSend } from './message-text.ts'
import { raiseStop } from './raise-events.ts'
import { type Rated, rateSend } from './rate-send.ts'
import { draftSend, guardsOf } from './send-code.ts'

export type SendingHouse = Pick<
  House,
  'platform' | 'policy' | 'verifications' | 'tenancy' | 'months' | 'budgets' | 'events' | 'wake'
>

export type Anew = {
  readonly verification: Verification
  readonly service: Service
  readonly channel: Channel
}

export type SentAnew =
  | { readonly kind: 'sent'; readonly send: CodeSend }
  | Exclude<Resent, { readonly kind: 'resent' }>

/** What one message of this verification costs by this channel now. */
export function rateAnew(
  house: Pick<House, 'platform' | 'policy' | 'tenancy' | 'months'>,
  { verification, service, channel }: Anew,
): Promise<Rated> {
  const { accountId, traffic } = verification
  return rateSend(house, {
    accountId,
    channel,
    kind: 'otp',
    country: traffic.country,
    segments: segmentsToSend(service, { ...verification, channel }),
    atMs: house.platform.nowMs(),
  })
}

/**
 * Takes the place of the verification's latest message, which was surely not sent and has its money back: a new code, priced, reserved and
 * limited anew. Of several that try it at once one succeeds. The counters keep the first one, so that it is one message to them.
 */
export async function sendAnew(
  house: SendingHouse,
  anew: Anew,
  { price, currency, rate }: Rated,
): Promise<SentAnew> {
  const { verification, service, channel } = anew
  const { accountId, id, sends } = verification
  const next = { ...verification, channel, sends: sends + 1, price, currency }
  const send = draftSend(house, next, rate)
  const guards = await guardsOf(house, send, service)
  const resent = await house.verifications.resend(
    { accountId, id },
    { ...guards, challengeNonce: undefined },
  )
  if (resent.kind === 'stopped') await raiseStop(house, next, resent)
  if (resent.kind !== 'resent') return resent
  house.wake({ id: send.id, kind: rate.kind, routed: undefined })
  return { kind: 'sent', send }
}
