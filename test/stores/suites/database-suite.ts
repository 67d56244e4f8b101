import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Budget } from '../../../src/domain/budget.ts'
import { newId } from '../../../src/domain/ids.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import type { Database } from '../../../src/storage/database.ts'
import { openIp } from '../../../src/storage/sql/privacy.ts'
import { SqlSandboxInbox } from '../../../src/storage/sql/sandbox-inbox.ts'
import { statement } from '../../../src/storage/sql/statements.ts'
import { sweepExpired } from '../../../src/storage/sql/sweep.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  closeOnDelivery,
  DAY,
  decision,
  HOUR,
  IP,
  idSource,
  keyOf,
  MINUTE,
  opening,
  openPaid,
  PHONE,
  type StoreSet,
  sendOf,
  settle,
  T0,
  topUp,
  UNLIMITED,
  verification,
} from './examples.ts'
import { sqlStores } from './stores.ts'

const hourBudget: Budget = {
  id: newId('BG', idSource(T0)),
  accountId: ALICE,
  serviceId: undefined,
  country: undefined,
  period: 'hour',
  kind: 'hard',
  unit: 'sends',
  limit: 5,
  alerts: [],
  createdAtMs: T0,
  updatedAtMs: T0,
}

export type OpenDatabase = () => Promise<{
  readonly db: Database
  readonly vault: Vault
  readonly close: () => Promise<void>
}>

/** What the database keeps by itself, and what it must not hold. */
export function databaseSuite(name: string, open: OpenDatabase): void {
  describe(`aggregates and privacy in ${name}`, () => {
    let db: Database
    let vault: Vault
    let stores: StoreSet
    beforeEach(async () => {
      const opened = await open()
      db = opened.db
      vault = opened.vault
      stores = sqlStores(db, vault, opened.close)
      await stores.ledger.post(topUp(1_000_000))
    })
    afterEach(() => stores.close())

    const rowsOf = (sql: string) => db.driver.all(statement(sql))
    const refuse = (state: 'blocked' | 'challenged', atMs = T0) =>
      stores.verifications.refuse(
        verification({
          state,
          sends: 0,
          createdAtMs: atMs,
          decision: decision({
            outcome: state === 'blocked' ? 'block' : 'challenge',
            reasons: [{ code: 'range_surge', detail: 'Too many.' }],
          }),
        }),
      )

    test('an hour counts its requests and what became of them, even when that was later', async () => {
      const { of, send } = await openPaid(stores)
      const again = sendOf(of, { createdAtMs: T0 + MINUTE, generation: 2 })
      await stores.verifications.resend(keyOf(of), {
        send: again,
        reservation: undefined,
        limits: UNLIMITED,
        challengeNonce: undefined,
      })
      await stores.outbox.finish(
        [accepted(send.id, { posting: settle(send), atMs: T0 + HOUR })],
        closeOnDelivery,
      )
      await stores.verifications.approve(keyOf(of), T0 + 2 * MINUTE)
      const passed = decision({ outcome: 'challenge', challengePassed: true })
      await stores.verifications.open(
        opening({ verification: verification({ decision: passed }), challengeNonce: 'n' }),
      )
      await refuse('blocked')
      await refuse('challenged')
      expect(await rowsOf('SELECT * FROM traffic_hours ORDER BY reason')).toEqual([
        {
          account_id: ALICE,
          hour_start_ms: T0 - (T0 % HOUR),
          service_id: of.serviceId,
          country: 'GB',
          range: '+447700900',
          asn: 64500,
          reason: '',
          requests: 2,
          allowed: 1,
          challenged: 1,
          blocked: 0,
          sends: 3,
          verified: 1,
          spent_micros: 40_000,
          saved_micros: 0,
        },
        expect.objectContaining({
          reason: 'range_surge',
          requests: 2,
          allowed: 0,
          challenged: 1,
          blocked: 1,
          sends: 0,
          spent_micros: 0,
          saved_micros: 80_000,
        }),
      ])
    })

    test('a network that nobody could tell is counted under 0', async () => {
      const traffic = { country: 'GB', range: '+44', asn: undefined }
      await stores.verifications.open(opening({ verification: verification({ traffic }) }))
      expect(await rowsOf('SELECT asn, requests FROM traffic_hours')).toEqual([
        { asn: 0, requests: 1 },
      ])
    })

    test('addresses are counted by hour and can be opened again', async () => {
      await refuse('blocked')
      await refuse('challenged')
      await refuse('blocked', T0 + HOUR)
      await stores.verifications.open(opening({ verification: verification({ ip: undefined }) }))
      const rows = await rowsOf('SELECT * FROM traffic_ips ORDER BY hour_start_ms')
      expect(rows).toMatchObject([
        { requests: 2, challenged: 1, blocked: 1, saved_micros: 80_000 },
        { requests: 1, challenged: 0, blocked: 1, saved_micros: 40_000 },
      ])
      expect(openIp(vault, ALICE, rows[0]!.ip_sealed as string)).toBe(IP)
    })

    test('ledger entries cannot be changed or removed', async () => {
      await expect(
        db.driver.all(statement('UPDATE ledger_entries SET at_ms = 0')),
      ).rejects.toThrow()
      await expect(db.driver.all(statement('DELETE FROM ledger_entries'))).rejects.toThrow()
      expect(await rowsOf('SELECT count(*) AS n FROM ledger_entries')).toEqual([{ n: 2 }])
    })

    test('guards abort and leave nothing behind', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 0 }
      expect((await stores.verifications.open(opening({ limits }))).kind).toBe('stopped')
      expect(await rowsOf('SELECT * FROM send_guards')).toEqual([])
      expect(await rowsOf('SELECT * FROM traffic_hours')).toEqual([])
    })

    test('no number, address or text of a person is stored in clear, not even where a reason named it', async () => {
      const told = decision({
        reasons: [{ code: 'listed', detail: `The list names ${PHONE} and ${IP}.` }],
        features: { catalogue: 'test', known: { 'phone.text': PHONE }, unknown: [] },
      })
      const of = verification({
        decision: told,
        payee: 'Corner Shop',
        metadata: { note: 'Corner Shop' },
      })
      const send = sendOf(of)
      await stores.verifications.open(opening({ verification: of, send }))
      const inbox = new SqlSandboxInbox({ db, vault })
      const message = {
        id: `SM${'1'.repeat(32)}`,
        sendId: send.id,
        to: PHONE,
        body: 'Your code is 123456 for Corner Shop',
        channel: 'sms',
        providerId: 'inbox',
        createdAtMs: T0,
      } as const
      await inbox.put(message)
      expect(await inbox.list({ to: PHONE, limit: 10 })).toEqual([message])
      expect(await inbox.list({ to: '+33612345678', limit: 10 })).toEqual([])
      expect(await inbox.list({ to: undefined, limit: 10 })).toEqual([message])

      const found = await stores.verifications.find(keyOf(of))
      expect(found?.decision.reasons[0]?.detail).toBe('The list names +447******123 and [ip].')
      const tables = await rowsOf(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      )
      for (const { name: table } of tables) {
        const text = JSON.stringify(await rowsOf(`SELECT * FROM ${table}`))
        for (const secret of [PHONE.slice(1), IP, 'Corner Shop', '123456']) {
          expect(text, String(table)).not.toContain(secret)
        }
      }
    })

    test('what nobody can ask for any more is swept away', async () => {
      const limits = { ...UNLIMITED, serviceHour: 1e9 as never, budgets: true }
      await stores.budgets.put(hourBudget)
      await stores.verifications.open(opening({ limits, challengeNonce: 'n' }))
      await stores.outbox.recordDelivery(aReceipt({ providerMessageId: 'm' }), T0, closeOnDelivery)
      const left = async () => [
        ...(await rowsOf('SELECT nonce FROM spent_challenges')),
        ...(await rowsOf('SELECT stage FROM early_receipts')),
        ...(await rowsOf('SELECT period FROM service_spend')),
        ...(await rowsOf('SELECT used FROM budget_windows')),
      ]
      await sweepExpired(db.driver, T0 + HOUR)
      expect(await left()).toHaveLength(4)
      await sweepExpired(db.driver, T0 + 3 * DAY)
      expect(await left()).toEqual([])
    })
  })
}
