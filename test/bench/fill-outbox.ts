import { fileURLToPath } from 'node:url'
import type { Provider } from '../../src/channels/provider.ts'
import { readTexts } from '../../src/config/rules-files.ts'
import { startVerification } from '../../src/flows/start-verification.ts'
import { openVault } from '../../src/platform/vault.ts'
import { seededDice, virtualClock } from '../../src/platform/virtual.ts'
import { openLibsql } from '../../src/storage/libsql-database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { britishMobile } from '../e2e/unguarded.ts'
import { Agenda } from '../sim/delivery/agenda.ts'
import { libsqlGround } from '../sim/delivery/ground.ts'
import { NOBODY } from '../sim/delivery/people.ts'
import { readSimPolicy, startService } from '../sim/delivery/service.ts'
import { FAKES } from '../sim/delivery/setting.ts'
import { openTenant } from '../sim/delivery/tenant.ts'
import { migrationFiles } from '../support/databases.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))

type Backlog = {
  /** Of the database file. */
  readonly path: string
  readonly masterKey: Uint8Array
  readonly sends: number
}

/** A database in which so many messages wait for a provider that nobody has asked yet. */
export async function fillOutbox({ path, masterKey, sends }: Backlog): Promise<void> {
  const database = await openLibsql(`file:${path}`)
  await migrate(database.driver, await migrationFiles())
  const agenda = new Agenda(virtualClock(Date.now()))
  const dice = seededDice(1)
  const vault = openVault([masterKey], dice.bytes)
  const { stores } = libsqlGround(database, vault)
  const tenant = await openTenant(stores, { agenda, dice, vault })
  const { house } = startService({
    agenda,
    dice,
    vault,
    stores,
    policyMaker: readSimPolicy(await readTexts(RULES)),
    providers: new Map(FAKES.map(({ id }) => [id, unaskedProvider(id)])),
    onAccepted: () => {},
    onError: (event) => {
      throw new Error(event)
    },
    whenOver: () => {},
  })
  for (let index = 0; index < sends; index++) {
    const started = await startVerification(
      { ...house, wake: () => {} },
      {
        accountId: tenant.accountId,
        service: tenant,
        to: britishMobile(index),
        channel: 'sms',
        purpose: 'login',
        locale: undefined,
        codeLength: undefined,
        client: NOBODY,
        challenge: undefined,
        amount: undefined,
        payee: undefined,
        metadata: undefined,
      },
    )
    if (started.kind !== 'sent') throw new Error(`an issue ended ${started.kind}`)
  }
  await database.driver.all({ sql: 'PRAGMA wal_checkpoint(TRUNCATE)', args: [] })
  database.close()
}

const unaskedProvider = (id: string): Provider => ({
  id,
  channels: ['sms'],
  send: () => Promise.reject(new Error(`${id} was asked`)),
})
