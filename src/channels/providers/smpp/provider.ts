import {
  type Delivery,
  failed,
  maybeSent,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import type { PartShelf } from '../../part-shelf.ts'
import { defineProvider, type OutboundMessage, type ProviderDeps } from '../../provider.ts'
import { outcomeOf } from './answers.ts'
import type { Reply } from './link.ts'
import { openPartBook } from './part-book.ts'
import { messageIdOf, readReceipt } from './receipts.ts'
import { SmppSession } from './session.ts'
import { type SmppSettings, smppSettingsSchema } from './settings.ts'
import { submitsOf } from './submit.ts'

/** An SMSC by SMPP 3.4, over a connection that stays: Node only. README.md has the outcomes. */
export const smppProvider = defineProvider({
  kind: 'smpp',
  settings: smppSettingsSchema,
  create: (id, settings, deps) => {
    const { platform } = deps
    const { session, parts } = openSession(id, settings, deps)
    const submitAll = (all: readonly Fields[], deadlineMs: number) =>
      submitInTurn((fields) => session.submit(fields, deadlineMs), all, settings)
    return {
      id,
      channels: ['sms'],
      async send(message: OutboundMessage, deadlineMs: number): Promise<SendResult> {
        if (deadlineMs <= platform.nowMs()) return failed('provider_down', 'deadline_passed')
        const submits = submitsOf(message, settings, platform.randomBytes(1)[0] ?? 0)
        if (submits === undefined) return failed('unknown', 'unusable_sender')
        if (submits.length === 1) return acceptance(await submitAll(submits, deadlineMs))
        return parts.during(async () => {
          const ids = await submitAll(submits, deadlineMs)
          if (!('kind' in ids)) await keepParts(ids, deps)
          return acceptance(ids)
        })
      },
      open: () => session.open(),
      close: () => session.close(),
    }
  },
})

type Fields = Readonly<Record<string, unknown>>

function openSession(id: string, settings: SmppSettings, deps: ProviderDeps) {
  const { platform, session: receipts } = deps
  const take = async (told: Promise<Delivery | undefined>): Promise<void> => {
    const whole = await told
    if (whole !== undefined) await receipts?.onDelivery([whole])
  }
  const lost = () => platform.log.error('smpp.receipt_lost', { provider: id })
  const parts = openPartBook(receipts?.parts ?? NO_PARTS, (told) =>
    platform.defer(take(told).catch(lost)),
  )
  const session = new SmppSession({
    id,
    settings,
    platform,
    onDeliver: async (pdu) => {
      const delivery = readReceipt(pdu, settings.receipt_ids)
      if (delivery !== undefined) await take(parts.wholeOf(delivery))
    },
  })
  return { session, parts }
}

/** Where nobody wants receipts. */
const NO_PARTS: PartShelf = { keep: async () => {}, tell: async () => undefined }

/** The text is on its way whether or not this succeeds; without it the receipt of the first part stands for all. */
async function keepParts(ids: Ids, { platform, session }: ProviderDeps): Promise<void> {
  const known = ids.filter((each) => each !== undefined)
  await session?.parts.keep(known, platform.nowMs()).catch(() => {
    platform.log.warn('smpp.parts_not_kept', { parts: known.length })
  })
}

type Ids = readonly (string | undefined)[]

/** One part after the other, so that a refusal of the first leaves nothing behind. */
async function submitInTurn(
  submit: (fields: Fields) => Promise<Reply | Unaccepted>,
  all: readonly Fields[],
  { receipt_ids }: SmppSettings,
): Promise<Ids | Unaccepted> {
  const ids: (string | undefined)[] = []
  for (const fields of all) {
    const outcome = outcomeOfReply(await submit(fields))
    if (outcome.kind !== 'taken') return outcome
    ids.push(messageIdOf(outcome.id, receipt_ids))
  }
  return ids
}

function outcomeOfReply(
  reply: Reply | Unaccepted,
): { readonly kind: 'taken'; readonly id: unknown } | Unaccepted {
  if ('error' in reply) return reply
  if (reply.kind === 'timeout') return maybeSent('timeout')
  if (reply.kind !== 'answered') {
    return reply.kind === 'lost' ? maybeSent(reply.code) : failed('provider_down', reply.code)
  }
  return reply.status === 0 ? { kind: 'taken', id: reply.pdu?.message_id } : outcomeOf(reply.status)
}

/** The whole goes by the id of its first part. */
const acceptance = (ids: Ids | Unaccepted): SendResult =>
  'kind' in ids
    ? ids
    : { kind: 'accepted', providerMessageId: ids[0], segments: ids.length, cost: undefined }
