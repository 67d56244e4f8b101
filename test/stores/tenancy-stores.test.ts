import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { AccountId } from '../../src/domain/ids.ts'
import { newId } from '../../src/domain/ids.ts'
import { currency } from '../../src/domain/money.ts'
import { MemoryTenancyStore } from '../../src/storage/memory/tenancy-store.ts'
import { SqlIdempotencyStore } from '../../src/storage/sql/idempotency-store.ts'
import { SqlListStore } from '../../src/storage/sql/list-store.ts'
import { SqlReportStore } from '../../src/storage/sql/report-store.ts'
import { SqlTenancyStore } from '../../src/storage/sql/tenancy-store.ts'
import { makeAccount } from '../../src/tenancy/accounts.ts'
import { mintKey } from '../../src/tenancy/secrets.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../src/tenancy/service-settings.ts'
import { openTestDatabase, type TestDatabase, testVault } from '../support/databases.ts'
import { idempotencySuite } from './suites/idempotency-suite.ts'
import { listSuite } from './suites/list-suite.ts'
import { reportSuite } from './suites/report-suite.ts'
import { countedIds, tenancySuite } from './suites/tenancy-suite.ts'

async function openDatabase(): Promise<TestDatabase> {
  const db = await openTestDatabase()
  onTestFinished(() => db.close())
  return db
}

tenancySuite('libSQL', async () => new SqlTenancyStore(await openDatabase(), testVault()))
tenancySuite('memory', async () => new MemoryTenancyStore())
idempotencySuite('libSQL', async () => new SqlIdempotencyStore(await openDatabase(), testVault()))
listSuite('libSQL', async () => new SqlListStore(await openDatabase(), testVault()))
reportSuite('libSQL', async () => {
  const db = await openDatabase()
  const vault = testVault()
  return { store: new SqlReportStore(db, vault), db, vault }
})

test('a tenant of a log is made when first heard of and the same ever after', async () => {
  const ids = countedIds()
  const store = new MemoryTenancyStore()
  const defaults = { currency: currency('USD') }
  const acme = store.tenantNamed('acme', ids, defaults)
  expect(store.tenantNamed('acme', ids, defaults)).toBe(acme)
  expect(store.tenantNamed('other', ids, defaults)).not.toEqual(acme)
  expect(acme.service).toMatchObject(DEFAULT_SERVICE_SETTINGS)
  expect(await store.account(acme.account.id)).toBe(acme.account)
  expect(await store.service(acme.account.id, acme.account.defaultServiceId)).toBe(acme.service)
})

test('no secret, number, address, device, note, key or body is in the database file in clear', async () => {
  const db = await openDatabase()
  const vault = testVault()
  const ids = { ...countedIds(), randomBytes: (length: number) => new Uint8Array(length).fill(99) }
  const { account, service } = makeAccount(ids, { name: 'Acme', currency: currency('USD') })
  const spec = { accountId: account.id, name: 'k', scopes: ['admin'] as const }
  const { key, secretHash, secret } = mintKey({ ids, vault }, { ...spec, allowedIps: undefined })
  await new SqlTenancyStore(db, testVault()).createAccount(account, service, { key, secretHash })
  await fillStores(db, account.id)
  const kept = await storedText(db)
  expect(kept).toContain(account.id)
  expect(kept).toContain('+4477009')
  for (const clear of [secret, ...SECRETS]) expect(kept).not.toContain(clear)
})

const PHONE = '+447700900123'
const IP = '203.0.113.77'
const DEVICE = 'device-f00d'
const NOTE = 'the caller was Mrs Example'
const IDEMPOTENCY_KEY = 'order-of-alice'
const REQUEST_HASH = 'hash-of-a-guessable-body'
const SECRETS = [PHONE, PHONE.slice(1), IP, DEVICE, NOTE, IDEMPOTENCY_KEY, REQUEST_HASH]

async function fillStores(db: TestDatabase, accountId: AccountId): Promise<void> {
  const vault = testVault()
  const ids = countedIds()
  const by = { accountId, note: NOTE, author: 'SK1', createdAtMs: 1_000 }
  const lists = new SqlListStore(db, vault)
  const listed = [
    ['phone', PHONE],
    ['ip', IP],
    ['device', DEVICE],
    ['range', '+4477009'],
  ] as const
  for (const [kind, value] of listed) {
    await lists.put({
      ...by,
      id: newId('LI', ids),
      list: 'block',
      kind,
      value,
      expiresAtMs: undefined,
    })
  }
  const reports = new SqlReportStore(db, vault)
  const subjects = { verificationId: undefined, range: undefined, phone: PHONE, ip: IP }
  await reports.add({ ...by, ...subjects, id: newId('FR', ids), label: 'fraud' })
  const idempotency = new SqlIdempotencyStore(db, vault)
  await idempotency.begin(accountId, IDEMPOTENCY_KEY, REQUEST_HASH, 1_000)
  const answer = { status: 201, body: `{"to":"${PHONE}"}`, contentType: 'application/json' }
  await idempotency.finish(accountId, IDEMPOTENCY_KEY, answer)
}

/** The file and its log, since a write may be in either. */
async function storedText(db: TestDatabase): Promise<string> {
  const parts = await Promise.all([readFile(db.path), readFile(`${db.path}-wal`)])
  return parts.map((bytes) => bytes.toString('latin1')).join('\n')
}
