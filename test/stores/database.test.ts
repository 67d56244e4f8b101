import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { migrate } from '../../src/storage/migrate.ts'
import { statement } from '../../src/storage/sql/statements.ts'
import { migrationFiles, openTestDatabase, testVault } from '../support/databases.ts'
import { openFileDatabase } from './open-stores.ts'
import { databaseSuite } from './suites/database-suite.ts'
import { openPaid, PHONE, topUp } from './suites/examples.ts'
import { sqlStores } from './suites/stores.ts'

databaseSuite('a libSQL file', openFileDatabase)

test('migrating twice, or from two processes at once, applies everything once', async () => {
  const database = await openTestDatabase()
  const more = [
    { name: '9000_more.sql', sql: 'CREATE TABLE more (id text)' },
    {
      name: '9001_rows.sql',
      sql: "INSERT INTO more VALUES ('a');\n--> statement-breakpoint\nINSERT INTO more VALUES ('b');",
    },
  ]
  const files = [...(await migrationFiles()), ...more]
  const applied = await Promise.all([
    migrate(database.driver, files),
    migrate(database.driver, files),
  ])
  expect(applied.flat().sort()).toEqual(['9000_more.sql', '9001_rows.sql'])
  expect(await database.driver.all(statement('SELECT id FROM more'))).toHaveLength(2)
  await database.close()
})

test('a migration that fails leaves nothing behind and is tried again', async () => {
  const database = await openTestDatabase()
  const broken = {
    name: '9000_more.sql',
    sql: 'CREATE TABLE more (id text)\n--> statement-breakpoint\nCREATE TABLE more (id text)',
  }
  await expect(migrate(database.driver, [broken])).rejects.toThrow('the database failed')
  const mended = { ...broken, sql: 'CREATE TABLE more (id text)' }
  expect(await migrate(database.driver, [mended])).toEqual(['9000_more.sql'])
  await database.close()
})

test('writes that share a commit succeed and fail each for itself', async () => {
  const database = await openTestDatabase()
  const { driver } = database
  await driver.all(
    statement('CREATE TABLE n (id integer PRIMARY KEY, twice integer CHECK (twice < 10))'),
  )
  const put = (id: number, twice: number) =>
    statement('INSERT INTO n (id, twice) VALUES (?, ?) RETURNING id', id, twice)
  const answers = await Promise.allSettled([
    driver.batch([put(1, 1), put(2, 2)]),
    driver.batch([put(3, 3), put(4, 99)]),
    driver.all(put(1, 5)),
    driver.all(put(5, 5)),
  ])
  expect(answers.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(answers[3]).toEqual({ status: 'fulfilled', value: [{ id: 5 }] })
  expect(await driver.all(statement('SELECT id FROM n ORDER BY id'))).toEqual([
    { id: 1 },
    { id: 2 },
    { id: 5 },
  ])
  await database.close()
})

test('more writes than share one commit are all answered', async () => {
  const database = await openTestDatabase()
  const { driver } = database
  await driver.all(statement('CREATE TABLE n (id integer PRIMARY KEY)'))
  const ids = Array.from({ length: 1000 }, (_, id) => id)
  await Promise.all(ids.map((id) => driver.all(statement('INSERT INTO n VALUES (?)', id))))
  expect(await driver.all(statement('SELECT count(*) AS n FROM n'))).toEqual([{ n: 1000 }])
  await database.close()
})

test('closing answers every write that waits', async () => {
  const database = await openTestDatabase()
  const { driver } = database
  await driver.all(statement('CREATE TABLE n (id integer PRIMARY KEY)'))
  const ids = Array.from({ length: 200 }, (_, id) => id)
  const writes = ids.map((id) => driver.all(statement('INSERT INTO n VALUES (?) RETURNING id', id)))
  await database.close()
  expect((await Promise.all(writes)).flat()).toHaveLength(200)
})

test('neither the file nor its log holds a number in clear', async () => {
  const database = await openTestDatabase()
  const stores = sqlStores(database, testVault(), database.close)
  await stores.ledger.post(topUp(1_000_000))
  await openPaid(stores)
  for (const suffix of ['', '-wal']) {
    const bytes = await readFile(`${database.path}${suffix}`, 'latin1')
    expect(bytes.length).toBeGreaterThan(0)
    expect(bytes).not.toContain(PHONE.slice(1))
  }
  await stores.close()
})
