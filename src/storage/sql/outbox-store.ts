import {
  byKindThenAge,
  type Carrier,
  type Closing,
  type Dispatched,
  type FallenSpan,
  type Fate,
  type FateLook,
  type FoundSend,
  type JobSubject,
  type LatestSend,
  type Leased,
  type LeaseSpan,
  type OutboxJob,
  type OutboxStore,
  type QueryPace,
  type Receipt,
  type RecordedDelivery,
  type Returned,
  type Unheard,
  type Wanted,
} from '../../channels/outbox-store.ts'
import type { Places } from '../../channels/places.ts'
import { assert } from '../../domain/assert.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { Phone } from '../../domain/phone.ts'
import type { CodeSend, Send } from '../../domain/send.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row, Statement } from '../database.ts'
import { fatesStatement, toFate } from './fate-statements.ts'
import { postingStatement } from './ledger-statements.ts'
import { toBatchText } from './message-rows.ts'
import {
  ASK,
  abandonStatement,
  CLOSE_FALLEN,
  finishStatement,
  giveBackStatement,
  LEASED_MESSAGES,
  LEASED_VERIFICATIONS,
  leaseDueStatement,
  leaseTheseStatement,
  MESSAGE,
  SEND_AGAIN,
  takeFallenStatement,
  takeUnheardStatement,
} from './outbox-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import {
  type At,
  EARLY_RECEIPTS,
  EARLY_WITHIN_MS,
  recordReceipt,
  toReceipt,
} from './receipt-statements.ts'
import {
  SENDS_WITH_PHONE,
  toCodeSend,
  toError,
  toOutcome,
  toSend,
  toSendWithPhone,
} from './send-rows.ts'
import { jsonList, statement } from './statements.ts'
import { FIND_VERIFICATION, toVerification } from './verification-rows.ts'

/** A bare `max` makes SQLite take the whole row of the latest generation. */
const LATEST = `SELECT l.*, v.private_sealed FROM (
  SELECT *, max(generation) FROM sends WHERE verification_id IN (SELECT value FROM json_each(?))
  GROUP BY verification_id
) l JOIN verifications v ON v.account_id = l.account_id AND v.id = l.verification_id`

const CARRIERS = `SELECT verification_id,
  json_group_array(json_object('providerId', provider_id, 'status', status)) AS carriers FROM (
  SELECT verification_id, provider_id, status FROM sends
  WHERE verification_id IN (SELECT value FROM json_each(?)) AND provider_id IS NOT NULL
  ORDER BY verification_id, generation
) GROUP BY verification_id`

/** The outbox over libSQL files, Turso and D1. */
export class SqlOutboxStore implements OutboxStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async lease(span: LeaseSpan, places: Places): Promise<readonly OutboxJob[]> {
    const first = abandonStatement(span.nowMs)
    const about = [LEASED_VERIFICATIONS, LEASED_MESSAGES]
    return this.#leased([first, leaseDueStatement(span, places)], about, span)
  }

  async leaseThese(wanted: readonly Wanted[], span: LeaseSpan): Promise<readonly OutboxJob[]> {
    return this.#leased([leaseTheseStatement(wanted, span)], [LEASED_VERIFICATIONS], span)
  }

  ask({ sendId, tries }: Leased, providerId: string, atMs: number): Promise<boolean> {
    return this.#changes(statement(ASK, sendId, tries, providerId, atMs))
  }

  async finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void> {
    const last = dispatched.at(-1)
    if (last === undefined) return
    const { db, vault } = this.#deps
    const results = await db.driver.batch([
      ...dispatched.flatMap((one) => [
        finishStatement(one),
        ...(one.posting === undefined ? [] : [postingStatement(vault, one.posting, one.status)]),
      ]),
      statement(EARLY_RECEIPTS, last.atMs - EARLY_WITHIN_MS),
    ])
    await this.#recordAll(results.at(-1) ?? [], { atMs: last.atMs, closing })
  }

  async applyEarly(atMs: number, closing: Closing): Promise<void> {
    const rows = await this.#deps.db.driver.all(statement(EARLY_RECEIPTS, atMs - EARLY_WITHIN_MS))
    await this.#recordAll(rows, { atMs, closing })
  }

  async giveBack(returned: readonly Returned[]): Promise<void> {
    if (returned.length > 0) await this.#deps.db.driver.batch(returned.map(giveBackStatement))
  }

  sendAgain({ sendId, tries }: Leased, notBeforeMs: number): Promise<boolean> {
    return this.#changes(statement(SEND_AGAIN, sendId, tries, notBeforeMs))
  }

  async takeFallen(span: FallenSpan): Promise<readonly CodeSend[]> {
    const rows = await this.#read(await this.#deps.db.driver.all(takeFallenStatement(span)))
    return rows.map((row) => toCodeSend(this.#deps.vault, row))
  }

  async closeFallen(id: SendId, takenBy: Channel | undefined): Promise<void> {
    await this.#deps.db.driver.all(statement(CLOSE_FALLEN, id, takenBy ?? null))
  }

  async takeUnheard(pace: QueryPace): Promise<readonly Unheard[]> {
    const { db, vault } = this.#deps
    const rows = await this.#read(await db.driver.all(takeUnheardStatement(pace)))
    return rows.map((row) => ({
      ...toSendWithPhone(vault, row),
      outcome: toOutcome(row),
      tries: row.tries as number,
      rounds: row.rounds as number,
    }))
  }

  recordDelivery(receipt: Receipt, atMs: number, closing: Closing): Promise<RecordedDelivery> {
    return recordReceipt(this.#deps, receipt, { atMs, closing })
  }

  async find(id: SendId): Promise<FoundSend | undefined> {
    const { db, vault } = this.#deps
    const [row] = await db.driver.all(statement(`${SENDS_WITH_PHONE} WHERE s.id = ?`, id))
    return row && { ...toSendWithPhone(vault, row), outcome: toOutcome(row) }
  }

  async subjectOf({ id, accountId, verificationId }: Send): Promise<JobSubject | undefined> {
    const { db, vault } = this.#deps
    const asked =
      verificationId === undefined
        ? statement(MESSAGE, id)
        : statement(FIND_VERIFICATION, accountId, verificationId)
    const [row] = await db.driver.all(asked)
    return row && toSubject(vault, row).subject
  }

  async latestOf(ids: readonly VerificationId[]): Promise<ReadonlyMap<VerificationId, LatestSend>> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(LATEST, jsonList(ids)))
    const sends = rows.map((row) => ({ ...toCodeSend(vault, row), error: toError(row) }))
    return new Map(sends.map((send) => [send.verificationId, send]))
  }

  async undeliveredOf(ids: readonly VerificationId[]): Promise<ReadonlySet<VerificationId>> {
    if (ids.length === 0) return new Set()
    const rows = await this.#deps.db.driver.all(statement(LATEST, jsonList(ids)))
    return new Set(
      rows
        .filter(({ status }) => status === 'undelivered' || status === 'failed')
        .map((row) => String(row.verification_id) as VerificationId),
    )
  }

  async carriersOf(
    ids: readonly VerificationId[],
  ): Promise<ReadonlyMap<VerificationId, readonly Carrier[]>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#deps.db.driver.all(statement(CARRIERS, jsonList(ids)))
    return new Map(
      rows.map((row) => [
        row.verification_id as VerificationId,
        JSON.parse(String(row.carriers)) as readonly Carrier[],
      ]),
    )
  }

  async fates(look: FateLook): Promise<readonly Fate[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(fatesStatement(look))
    return rows.map((row) => toFate(vault, row))
  }

  /** The last statement is the lease; `about` finds what its rows are about. */
  async #leased(
    statements: readonly Statement[],
    about: readonly string[],
    { leaseUntilMs }: LeaseSpan,
  ): Promise<readonly OutboxJob[]> {
    const { db, vault } = this.#deps
    const results = await db.driver.batch([
      ...statements,
      ...about.map((sql) => statement(sql, leaseUntilMs)),
    ])
    const [sendRows = [], ...subjects] = results.slice(statements.length - 1)
    const found = new Map(subjects.flat().map((row) => [row.id, row]))
    const jobs = sendRows.map((row) => {
      const about = found.get((row.verification_id ?? row.id) as string)
      assert(about !== undefined, 'a send has what it is about')
      return toJob(row, toSubject(vault, about))
    })
    return jobs.sort(byKindThenAge)
  }

  /** The whole rows of those that are named. */
  async #read(named: readonly Row[]): Promise<readonly Row[]> {
    if (named.length === 0) return []
    const ids = jsonList(named.map(({ id }) => String(id)))
    return this.#deps.db.driver.all(
      statement(`${SENDS_WITH_PHONE} WHERE s.id IN (SELECT value FROM json_each(?))`, ids),
    )
  }

  /** At once, as receipts come anyway, so that they share their commits: whoever finishes sends waits for it. */
  async #recordAll(rows: readonly Row[], { atMs, closing }: At): Promise<void> {
    await Promise.all(rows.map((row) => this.recordDelivery(toReceipt(row), atMs, closing)))
  }

  async #changes(change: Statement): Promise<boolean> {
    return (await this.#deps.db.driver.all(change)).length > 0
  }
}

type Subject = { readonly phone: Phone; readonly subject: JobSubject }

function toSubject(vault: Vault, row: Row): Subject {
  if (row.batch_id === undefined) {
    const verification = toVerification(vault, row)
    return { phone: verification.phone, subject: { kind: 'code', verification } }
  }
  const { phone, ...text } = toBatchText(vault, row)
  return { phone, subject: { kind: 'text', text } }
}

const toJob = (row: Row, { phone, subject }: Subject): OutboxJob => ({
  send: toSend(row, phone),
  subject,
  tries: row.tries as number,
  rounds: row.rounds as number,
  providerId: (row.provider_id as string | null) ?? undefined,
})
