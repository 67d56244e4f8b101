import type { DeadLetter } from '../channels/dead-letter-store.ts'
import type { Refusal } from '../codes/verification-store.ts'
import { assert } from '../domain/assert.ts'
import type { Channel } from '../domain/channel.ts'
import type { AccountId, SendId } from '../domain/ids.ts'
import type { CodeSend } from '../domain/send.ts'
import { statusOf, type VerificationStatus } from '../domain/verification.ts'
import type { House } from './house.ts'
import { rateAnew, type SendingHouse, sendAnew } from './send-anew.ts'

export type Requeued =
  | { readonly kind: 'requeued'; readonly send: CodeSend }
  | { readonly kind: 'missing' }
  | { readonly kind: 'closed'; readonly status: VerificationStatus }
  /** A batch ends with its messages: they are sent again in a batch of their own. */
  | { readonly kind: 'in_batch' }
  /** Another message took its place already. */
  | { readonly kind: 'replaced' }
  /** Its service does not send by it any more. */
  | { readonly kind: 'channel_gone'; readonly channel: Channel }
  | { readonly kind: 'sends_exhausted' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

type Key = { readonly accountId: AccountId; readonly id: SendId }

/** Sends a dead letter again, as a new message of its verification, while somebody may still wait for the code. */
export async function requeueSend(
  house: SendingHouse & Pick<House, 'deadLetters'>,
  { accountId, id }: Key,
): Promise<Requeued> {
  const letter = await house.deadLetters.find(accountId, id)
  if (letter === undefined) return { kind: 'missing' }
  if (letter.verificationId === undefined) return { kind: 'in_batch' }
  const verification = await house.verifications.find({ accountId, id: letter.verificationId })
  assert(verification !== undefined, 'a send has its verification')
  const obstacle = obstacleTo({ ...letter, verification }, house.platform.nowMs())
  if (obstacle !== undefined) return obstacle
  const service = await house.tenancy.service(accountId, letter.serviceId)
  if (service === undefined) return { kind: 'missing' }
  const { channel } = letter
  if (!service.channels.includes(channel)) return { kind: 'channel_gone', channel }
  const anew = { verification, service, channel }
  const sent = await sendAnew(house, anew, await rateAnew(house, anew))
  switch (sent.kind) {
    case 'sent':
      return { kind: 'requeued', send: sent.send }
    case 'missing':
    case 'closed':
    case 'sends_exhausted':
      return sent
    default:
      return refusedOr(house, { accountId, id }, sent)
  }
}

/** What stands in the way of sending it again; undefined: nothing. */
export function obstacleTo(
  { generation, verification }: Pick<DeadLetter, 'generation' | 'verification'>,
  nowMs: number,
): Exclude<Requeued, { readonly kind: 'requeued' | 'refused' | 'channel_gone' }> | undefined {
  if (verification === undefined) return { kind: 'in_batch' }
  if (generation !== verification.sends) return { kind: 'replaced' }
  const status = statusOf(verification, nowMs)
  if (status !== 'pending') return { kind: 'closed', status }
  return verification.sends >= verification.sendsMax ? { kind: 'sends_exhausted' } : undefined
}

/** Who loses a race for the same letter finds it replaced. */
async function refusedOr(
  house: Pick<House, 'deadLetters' | 'platform'>,
  { accountId, id }: Key,
  refusal: Refusal,
): Promise<Requeued> {
  const letter = await house.deadLetters.find(accountId, id)
  const obstacle = letter && obstacleTo(letter, house.platform.nowMs())
  return obstacle ?? { kind: 'refused', refusal }
}
