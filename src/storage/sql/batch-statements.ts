import type {
  BatchOpening,
  BatchPage,
  DraftMessage,
  MessagePage,
} from '../../channels/batch-store.ts'
import { type Batch, CANCELED_CODE } from '../../domain/batch.ts'
import type { AccountId, BatchId } from '../../domain/ids.ts'
import { breathe } from '../../platform/breathe.ts'
import type { Vault } from '../../platform/vault.ts'
import { ANSWER_TTL_MS } from '../../tenancy/idempotency.ts'
import type { Statement } from '../database.ts'
import { countBatchStatements } from './budget-statements.ts'
import { batchReservation } from './ledger-statements.ts'
import { spendBatchStatements } from './limit-statements.ts'
import { sealMessage } from './message-rows.ts'
import { phoneHashOf } from './privacy.ts'
import { tiersText } from './send-rows.ts'
import { AFTER_ALL_IDS, DAY_MS, insertInto, statement } from './statements.ts'

/** D1 takes no parameter of more than 2 MB. A part ends with the message that passes this. */
const PART_CHARACTERS = 400_000
const SEALED_AT_ONCE = 25

const insertBatch = insertInto('batches', [
  'account_id',
  'id',
  'service_id',
  'kind',
  'template',
  'locale',
  'reference',
  'once',
  'currency',
  'created_at_ms',
  'send_at_ms',
  'expires_at_ms',
])

/** A key is free again for a new batch when its answers are. */
const FREE_ONCE =
  'UPDATE batches SET once = NULL WHERE account_id = ? AND once = ? AND created_at_ms < ?'

export const insertBatchOf = (batch: Batch): Statement =>
  insertBatch({
    account_id: batch.accountId,
    id: batch.id,
    service_id: batch.serviceId,
    kind: batch.kind,
    template: batch.template,
    locale: batch.locale,
    reference: batch.reference ?? null,
    once: batch.once ?? null,
    currency: batch.currency,
    created_at_ms: batch.createdAtMs,
    send_at_ms: batch.sendAtMs,
    expires_at_ms: batch.expiresAtMs,
  })

/** A number that had its share of this kind is refused by itself: the cap is looked up where the row is written. */
const INSERT_MESSAGES = `INSERT INTO batch_messages
  (batch_id, id, phone_hash, private_sealed, country, segments, withheld, refusal)
SELECT ?1, id, hash, sealed, country, segments, iif(is_full, 'refused', withheld), iif(is_full, 'phone_day_cap', refusal)
FROM (
  SELECT value ->> 0 AS id, value ->> 1 AS hash, value ->> 2 AS sealed, value ->> 3 AS country, value ->> 4 AS segments,
    value ->> 5 AS withheld, value ->> 6 AS refusal,
    value ->> 5 IS NULL AND ?5 <= (
      SELECT count(*) FROM sends
      WHERE phone_hash = value ->> 1 AND kind = ?3 AND created_at_ms > ?4 AND account_id = ?2
    ) AS is_full
  FROM json_each(?6)
)`

/** What is not withheld goes into the outbox, under the id it has already. ?2: the rates of its countries. */
const INSERT_SENDS = `INSERT INTO sends (
  id, batch_id, account_id, service_id, phone_hash, channel, generation, status, price_micros, currency,
  market, kind, country, rated_segments, unit_micros, bill_on, tiers, created_at_ms, expires_at_ms, due_at_ms, tries
)
SELECT m.id, b.id, b.account_id, b.service_id, m.phone_hash, 'sms', 1, 'queued', r.unit * m.segments, b.currency,
  r.market, b.kind, m.country, m.segments, r.unit, r.bill_on, r.tiers, b.created_at_ms, b.expires_at_ms, b.send_at_ms, 0
FROM batches b JOIN batch_messages m ON m.batch_id = b.id JOIN (
  SELECT value ->> 0 AS country, value ->> 1 AS unit, value ->> 2 AS market, value ->> 3 AS bill_on, value ->> 4 AS tiers
  FROM json_each(?2)
) r ON r.country = m.country
WHERE b.id = ?1 AND m.withheld IS NULL ORDER BY m.id`

const FINISH_EMPTY = `UPDATE batches SET finished_at_ms = created_at_ms
WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sends WHERE batch_id = ?1)`

/** Everything of a new batch, in the order in which a refusal is named: budgets of the service, budgets, balance. */
export function openStatements(
  { batch, rates, limits }: BatchOpening,
  sealed: readonly string[],
): readonly Statement[] {
  const { id, accountId, serviceId, createdAtMs, kind, currency } = batch
  const matched = { accountId, serviceId, createdAtMs }
  const fresh = [id, accountId, kind, createdAtMs - DAY_MS, limits.phoneDay] as const
  return [
    statement(FREE_ONCE, accountId, batch.once ?? null, createdAtMs - ANSWER_TTL_MS),
    insertBatchOf(batch),
    ...partsOf(sealed).map((part) => statement(INSERT_MESSAGES, ...fresh, part)),
    statement(INSERT_SENDS, id, ratesText(rates)),
    ...spendBatchStatements(batch, limits),
    ...rates.flatMap(({ country }) =>
      limits.budgets ? countBatchStatements(id, { ...matched, country }) : [],
    ),
    ...rates.flatMap((rate) =>
      rate.unitPrice === 0
        ? []
        : batchReservation({ id, accountId, currency, atMs: createdAtMs, rate }),
    ),
    statement(FINISH_EMPTY, id),
  ]
}

/** A thousand of them are a quarter of a second of work, in which nobody else's code should wait. */
export async function sealedTexts(
  vault: Vault,
  messages: readonly DraftMessage[],
): Promise<readonly string[]> {
  const texts: string[] = []
  for (const message of messages) {
    texts.push(messageText(vault, message))
    if (texts.length % SEALED_AT_ONCE === 0) await breathe()
  }
  return texts
}

function messageText(vault: Vault, message: DraftMessage): string {
  const { id, phone, country, segments, withheld, body, variables, reference } = message
  const isTest = withheld === 'test'
  const refusal = isTest ? undefined : withheld
  return JSON.stringify([
    id,
    phoneHashOf(vault, phone),
    sealMessage(vault, id, { phone, body, variables, reference }),
    country,
    segments,
    isTest ? 'test' : refusal && 'refused',
    refusal,
  ])
}

/** JSON lists, none much longer than a parameter may be. */
function partsOf(texts: readonly string[]): readonly string[] {
  const parts: string[][] = []
  let length = PART_CHARACTERS
  for (const text of texts) {
    if (length >= PART_CHARACTERS) {
      parts.push([])
      length = 0
    }
    parts.at(-1)?.push(text)
    length += text.length
  }
  return parts.map((part) => `[${part.join()}]`)
}

const ratesText = (rates: BatchOpening['rates']): string =>
  JSON.stringify(
    rates.map(({ country, unitPrice, market, billOn, tiers }) => [
      country,
      unitPrice,
      market,
      billOn,
      tiers === undefined ? null : tiersText(tiers),
    ]),
  )

export const FIND_BATCH = 'SELECT * FROM batches WHERE account_id = ? AND id = ?'

export const FIND_ONCE = 'SELECT * FROM batches WHERE account_id = ? AND once = ?'

const LIST = 'SELECT * FROM batches WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?'

export const listBatches = (accountId: AccountId, { limit, before }: BatchPage): Statement =>
  statement(LIST, accountId, before ?? AFTER_ALL_IDS, limit)

/** A message that was held back is told by its code, which is ours. */
const STATUS = `coalesce(m.withheld, iif(s.status = 'failed' AND s.error_code = '${CANCELED_CODE}', 'canceled', s.status))`
const WITH_SENDS = 'FROM batch_messages m LEFT JOIN sends s ON s.id = m.id'

/** Of each batch of a list of ids. */
export const totalsOf = (
  ids: string,
): string => `SELECT m.batch_id, ${STATUS} AS status, count(*) AS messages, sum(coalesce(s.price_micros, 0)) AS price
${WITH_SENDS} WHERE m.batch_id IN (${ids}) GROUP BY 1, 2`
export const TOTALS = totalsOf('SELECT value FROM json_each(?)')

const MESSAGES = `SELECT m.*, ${STATUS} AS status, s.price_micros, s.ended_at_ms, s.error_kind, s.error_code, s.error_text
${WITH_SENDS} WHERE m.batch_id = ?1 AND m.id > ?2 AND (?4 IS NULL OR ${STATUS} = ?4) ORDER BY m.id LIMIT ?3`

export const messagesStatement = (id: BatchId, { limit, after, status }: MessagePage): Statement =>
  statement(MESSAGES, id, after ?? '', limit, status ?? null)

export const CANCEL = `UPDATE batches SET canceled_at_ms = ?3
WHERE account_id = ?1 AND id = ?2 AND canceled_at_ms IS NULL AND finished_at_ms IS NULL RETURNING id`

/** Whoever carries them finds the batch canceled, and gives their money back. */
export const HURRY = `UPDATE sends SET due_at_ms = ?2
WHERE batch_id = ?1 AND status = 'queued' AND due_at_ms > ?2
  AND EXISTS (SELECT 1 FROM batches WHERE id = ?1 AND account_id = ?3 AND canceled_at_ms = ?2)`

export const END_UNHEARD = `UPDATE sends SET ended_at_ms = ?2 WHERE id IN (
  SELECT id FROM sends
  WHERE batch_id IS NOT NULL AND ended_at_ms IS NULL AND status = 'sent' AND created_at_ms < ?1
    AND coalesce(asked_at_ms, created_at_ms) < ?1
  ORDER BY created_at_ms LIMIT ?3
) RETURNING id`
