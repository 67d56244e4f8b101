import type { Fate, FateLook } from '../../channels/outbox-store.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { SendStatus } from '../../domain/send.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row, Statement } from '../database.ts'
import { toSendWithPhone, WITH_PHONE } from './send-rows.ts'
import { statement } from './statements.ts'

/** Rows are written in the order of their numbers, so those behind the last look are found without reading the others. */
const fates = (
  columns: string,
  join: string,
): string => `SELECT s.rowid AS place, ${columns}, CASE v.state
    WHEN 'approved' THEN s.generation = v.sends WHEN 'open' THEN 0
  END AS is_typed
FROM sends s ${join}
WHERE s.rowid > coalesce(?1, (SELECT max(rowid) FROM sends) - ?4) AND s.created_at_ms BETWEEN ?2 AND ?3
  AND s.provider_id IS NOT NULL
ORDER BY s.rowid DESC LIMIT ?4`

const FIRST = fates(
  `s.id, s.verification_id, s.provider_id, s.channel, s.country, s.status, s.created_at_ms, s.asked_at_ms,
  NULL AS private_sealed`,
  'LEFT JOIN verifications v ON v.account_id = s.account_id AND v.id = s.verification_id',
)
const LATER = fates(
  's.*, coalesce(v.private_sealed, m.private_sealed) AS private_sealed',
  WITH_PHONE,
)

export const fatesStatement = ({ after, sinceMs, untilMs, limit }: FateLook): Statement =>
  statement(
    `SELECT * FROM (${after === undefined ? FIRST : LATER}) ORDER BY place`,
    after ?? null,
    sinceMs,
    untilMs,
    limit,
  )

export const toFate = (vault: Vault, row: Row): Fate => ({
  id: row.id as SendId,
  verificationId: (row.verification_id as VerificationId | null) ?? undefined,
  place: row.place as number,
  providerId: row.provider_id as string,
  channel: row.channel as Channel,
  country: row.country as string,
  phone: row.private_sealed === null ? undefined : toSendWithPhone(vault, row).phone,
  status: row.status as SendStatus,
  createdAtMs: row.created_at_ms as number,
  askedAtMs: (row.asked_at_ms as number | null) ?? undefined,
  isTyped: row.is_typed === null ? undefined : row.is_typed === 1,
})
