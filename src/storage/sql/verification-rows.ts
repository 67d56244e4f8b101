import type { Channel } from '../../domain/channel.ts'
import type { Decision } from '../../domain/decision.ts'
import type { AccountId, ServiceId, VerificationId } from '../../domain/ids.ts'
import type { Currency, Micros } from '../../domain/money.ts'
import { maskPhone, type Phone } from '../../domain/phone.ts'
import type { Subjects } from '../../domain/subjects.ts'
import type { StoredState, Verification } from '../../domain/verification.ts'
import type { Vault } from '../../platform/vault.ts'
import { shadowVotes } from '../../risk/shadow.ts'
import type { Row, Statement } from '../database.ts'
import { ipHashOf, openIp, phoneHashOf, sealIp } from './privacy.ts'
import { hourStart, insertInto } from './statements.ts'

const insertVerification = insertInto('verifications', [
  'account_id',
  'id',
  'service_id',
  'state',
  'outcome',
  'reason',
  'channel',
  'purpose',
  'locale',
  'private_sealed',
  'phone_hash',
  'ip_hash',
  'ip_sealed',
  'code_length',
  'key_id',
  'attempts',
  'attempts_max',
  'sends',
  'sends_max',
  'created_at_ms',
  'hour_start_ms',
  'expires_at_ms',
  'closed_at_ms',
  'matured',
  'decision',
  'subjects',
  'price_micros',
  'currency',
  'country',
  'range',
  'asn',
  'shadow',
])

/** What the row keeps sealed. */
type Private = Pick<Verification, 'phone' | 'amount' | 'payee' | 'metadata'>

const contextOf = (id: string): string => `verification:${id}`

/** A refused request has nothing to mature; a caller says which it is by its state. */
export function insertVerificationOf(vault: Vault, verification: Verification): Statement {
  const { traffic, decision, price } = verification
  const refused = verification.state === 'blocked' || verification.state === 'challenged'
  return insertVerification({
    account_id: verification.accountId,
    id: verification.id,
    service_id: verification.serviceId,
    state: verification.state,
    outcome: decision.outcome,
    reason: decision.reasons[0]?.code ?? '',
    channel: verification.channel,
    purpose: verification.purpose ?? null,
    locale: verification.locale ?? null,
    ...personalColumns(vault, verification),
    code_length: verification.codeLength,
    key_id: verification.keyId,
    attempts: verification.attempts,
    attempts_max: verification.attemptsMax,
    sends: verification.sends,
    sends_max: verification.sendsMax,
    created_at_ms: verification.createdAtMs,
    hour_start_ms: hourStart(verification.createdAtMs),
    expires_at_ms: verification.expiresAtMs,
    closed_at_ms: verification.closedAtMs ?? null,
    matured: refused || verification.matured ? 1 : 0,
    decision: decisionText(verification),
    subjects: JSON.stringify(verification.subjects),
    price_micros: price,
    currency: verification.currency,
    country: traffic.country,
    range: traffic.range,
    asn: traffic.asn ?? null,
    shadow: shadowText(decision),
  })
}

function shadowText(decision: Decision): string | null {
  const votes = shadowVotes(decision)
  if (votes.length === 0) return null
  return JSON.stringify(votes.map(({ kind, name, would }) => [kind, name, would]))
}

function personalColumns(vault: Vault, verification: Verification): Row {
  const { id, accountId, phone, amount, payee, metadata, ip } = verification
  const details: Private = { phone, amount, payee, metadata }
  return {
    private_sealed: vault.seal(JSON.stringify(details), contextOf(id)),
    phone_hash: phoneHashOf(vault, phone),
    ip_hash: ip === undefined ? null : ipHashOf(vault, ip),
    ip_sealed: ip === undefined ? null : sealIp(vault, accountId, ip),
  }
}

/** A rule's sentence may name the number or the address it was about; at rest it must not. */
function decisionText({ decision, phone, ip }: Verification): string {
  const digits = phone.slice(1)
  const text = JSON.stringify(decision)
  const hides = (part: string): boolean =>
    part.includes(digits) || (ip !== undefined && part.includes(ip))
  if (!hides(text)) return text
  const masked = maskPhone(phone).slice(1)
  return JSON.stringify(decision, (key, value: unknown) => {
    if (typeof value !== 'string' || key === 'id') return value
    const shown = value.replaceAll(digits, masked)
    return ip === undefined ? shown : shown.replaceAll(ip, '[ip]')
  })
}

export const FIND_VERIFICATION = 'SELECT * FROM verifications WHERE account_id = ? AND id = ?'

export function toVerification(vault: Vault, row: Row): Verification {
  const accountId = row.account_id as AccountId
  return {
    id: row.id as VerificationId,
    accountId,
    serviceId: row.service_id as ServiceId,
    ...privateOf(vault, row.id as string, row.private_sealed as string),
    channel: row.channel as Channel,
    purpose: optionalText(row.purpose),
    locale: optionalText(row.locale),
    ip: typeof row.ip_sealed === 'string' ? openIp(vault, accountId, row.ip_sealed) : undefined,
    state: row.state as StoredState,
    codeLength: row.code_length as number,
    keyId: row.key_id as string,
    attempts: row.attempts as number,
    attemptsMax: row.attempts_max as number,
    sends: row.sends as number,
    sendsMax: row.sends_max as number,
    createdAtMs: row.created_at_ms as number,
    expiresAtMs: row.expires_at_ms as number,
    closedAtMs: optionalNumber(row.closed_at_ms),
    matured: row.matured === 1,
    decision: toDecision(row.decision as string),
    subjects: JSON.parse(row.subjects as string) as Subjects,
    price: row.price_micros as Micros,
    currency: row.currency as Currency,
    traffic: {
      country: row.country as string,
      range: row.range as string,
      asn: optionalNumber(row.asn),
    },
  }
}

function toDecision(text: string): Decision {
  const stored = JSON.parse(text) as Omit<Decision, 'stop'> & Partial<Pick<Decision, 'stop'>>
  return { ...stored, stop: stored.stop }
}

function privateOf(vault: Vault, id: string, sealed: string): Private {
  const stored = JSON.parse(vault.open(sealed, contextOf(id))) as {
    phone: Phone
  } & Partial<Private>
  const { phone, amount, payee, metadata } = stored
  return { phone, amount, payee, metadata }
}

/** For rows that join only what is sealed: the number of the verification with this id. */
export const phoneOf = (vault: Vault, verificationId: string, sealed: string): Phone =>
  privateOf(vault, verificationId, sealed).phone

const optionalText = (value: Row[string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const optionalNumber = (value: Row[string] | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined
