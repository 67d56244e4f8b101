import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { costOf, messageIdField, segmentsIn } from '../../receipt-request.ts'
import { percentEncode } from '../../signing.ts'
import { isOk, msisdnOf } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callMessageBird } from './call.ts'
import { deliveryStatusOf, errorOf } from './deliveries.ts'

const PAGE_SIZE = 20

const messageSchema = z.object({
  id: messageIdField,
  reference: z.string().nullish(),
  recipients: z.object({
    items: z
      .tuple([
        z.object({
          status: z.string(),
          statusReason: z.string().nullish(),
          statusErrorCode: z.union([z.string(), z.int().transform(String)]).nullish(),
          messagePartCount: z.unknown().optional(),
          price: z.object({ amount: z.unknown(), currency: z.unknown() }).nullish().catch(null),
        }),
      ])
      .rest(z.unknown()),
  }),
})
type BirdMessage = z.infer<typeof messageSchema>
const pageSchema = z.object({ items: z.array(messageSchema) })

/** By its id, or among the latest of its number by our reference. Messages that are not there are not said to be absent. */
export async function queryMessageBird(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const { providerMessageId: known, to } = sent
  const list = `?limit=${PAGE_SIZE}&recipient=${msisdnOf(to)}`
  const path = known === undefined ? list : `/${percentEncode(known)}`
  const answer = await callMessageBird(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (known !== undefined && answer.status === 404) return { kind: 'absent' }
  const schema =
    known === undefined ? pageSchema : messageSchema.transform((one) => ({ items: [one] }))
  const page = isOk(answer) ? schema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  const message = page.items.find(({ id, reference }) => id === known || reference === sent.id)
  return message === undefined
    ? unclear(sendError('unknown', 'not_reported'))
    : foundIn(message, sent)
}

function foundIn(message: BirdMessage, { id: reference }: SentReference): QueryResult {
  const [recipient] = message.recipients.items
  const status = deliveryStatusOf(recipient.status)
  if (status === undefined) return unclear(sendError('unknown', recipient.status))
  const words = recipient.statusReason ?? undefined
  const delivery = {
    providerMessageId: message.id,
    reference,
    status,
    error: errorOf(recipient.status, { words, code: recipient.statusErrorCode ?? undefined }),
    segments: segmentsIn(recipient.messagePartCount),
    cost: costOf(recipient.price?.amount, recipient.price?.currency),
  }
  return { kind: 'found', delivery }
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
