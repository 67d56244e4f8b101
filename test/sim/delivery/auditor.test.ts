import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { adjust } from '../../../src/billing/postings.ts'
import type { Dispatched, OutboxStore } from '../../../src/channels/outbox-store.ts'
import { readTexts } from '../../../src/config/rules-files.ts'
import { micros } from '../../../src/domain/money.ts'
import type { Send } from '../../../src/domain/send.ts'
import type { MemoryBudgetStore } from '../../../src/storage/memory/budget-store.ts'
import { testVault } from '../../support/databases.ts'
import { memoryGround, type Stores } from './ground.ts'
import { watched } from './life.ts'
import { readSimPolicy } from './service.ts'
import { simulate } from './simulate.ts'

const RULES = fileURLToPath(new URL('../../../rules', import.meta.url))

/** What the auditor says of a service with such a bug, while it runs or at the end. */
async function verdictOn(sabotage: (stores: Stores) => Stores): Promise<string> {
  const ran = simulate({
    seed: 3,
    people: 300,
    perMinute: 70,
    ground: memoryGround(),
    vault: testVault(),
    policyMaker: readSimPolicy(await readTexts(RULES)),
    livesMs: 20 * 60_000,
    auditEvery: { balance: 1, entries: 50 },
    sabotage,
  })
  return ran.then(({ complaints }) => complaints.join('\n'), String)
}

type Finish = OutboxStore['finish']

/** Answers are finished in another way than they should be. */
const finishing =
  (wrongly: (stores: Stores, ...args: Parameters<Finish>) => Promise<void>) =>
  (stores: Stores): Stores => {
    const outbox = watched(stores.outbox, (work, method, args) =>
      method === 'finish' ? wrongly(stores, ...(args as Parameters<Finish>)) : work(),
    )
    return { ...stores, outbox }
  }

const isSent = ({ status }: Dispatched): boolean => status === 'sent'

test('a service without a bug has no complaint', async () => {
  expect(await verdictOn((stores) => stores)).toBe('')
})

test('money that is never settled is noticed', async () => {
  const forgetful = finishing(({ outbox }, dispatched, closing) => {
    const unpaid = dispatched.map((one) => ({ ...one, posting: undefined }))
    return outbox.finish(unpaid, closing)
  })
  expect(await verdictOn(forgetful)).toMatch(/closed 0 times/)
})

test('a second charge for the same message is noticed', async () => {
  const greedy = finishing(async ({ outbox, ledger }, dispatched, closing) => {
    await outbox.finish(dispatched, closing)
    for (const { sendId } of dispatched.filter(isSent)) {
      const send = await outbox.find(sendId)
      if (send === undefined) continue
      const { accountId, currency, createdAtMs: atMs } = send
      const about = { accountId, currency, atMs, sendId, reference: sendId, note: 'again' }
      await ledger.post(adjust({ ...about, amount: micros(-40_000) }))
    }
  })
  expect(await verdictOn(greedy)).toMatch(/charged|reserved 80000 of 40000/)
})

test('a message that is sent again after its acceptance is noticed', async () => {
  const doubting = finishing(async ({ outbox }, dispatched, closing) => {
    const [again, good] = [dispatched.filter(isSent), dispatched.filter((one) => !isSent(one))]
    await outbox.finish(good, closing)
    const later = again.map(({ sendId, tries, atMs }) => ({ sendId, tries, notBeforeMs: atMs }))
    await outbox.giveBack(later.map((one) => ({ ...one, rounds: 1 })))
  })
  expect(await verdictOn(doubting)).toMatch(/was sent again after it was accepted/)
})

test('a message that nobody ever sends is noticed', async () => {
  const deaf = (stores: Stores): Stores => {
    const outbox = watched(stores.outbox, async (work, method) =>
      method === 'lease' || method === 'leaseThese' ? [] : work(),
    )
    return { ...stores, outbox }
  }
  expect(await verdictOn(deaf)).toMatch(/is still queued/)
})

test('a message that counts twice in a budget is noticed', async () => {
  const doubled = (stores: Stores): Stores => {
    const verifications = watched(stores.verifications, async (work, method, args) => {
      const { send } = args[0] as { readonly send?: Send }
      if (method === 'open' && send !== undefined) countAgain(stores, send)
      return work()
    })
    return { ...stores, verifications }
  }
  expect(await verdictOn(doubled)).toMatch(/counts \d+ sends, and \d+ were charged/)
})

const countAgain = ({ budgets }: Stores, send: Send): void =>
  (budgets as MemoryBudgetStore).count(send)
