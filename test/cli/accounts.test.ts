import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Hands, OpenedBooks } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/main.ts'
import { openHarness } from '../support/harness.ts'

/** A rules folder with prices in yuan beside those in dollars. */
async function rulesWithYuan(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-accounts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'prices'))
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  await write('prices/usd.yaml', 'currency: USD\ndefault: 0.08\n')
  await write('prices/cny.yaml', 'currency: CNY\ndefault: 0.6\n')
  return folder
}

async function openDesk() {
  const harness = await openHarness()
  const { platform, vault, tenancy } = harness.house
  const books = { platform, vault, tenancy, close: async () => undefined }
  const run = async (...args: readonly string[]) => {
    const said = { out: '', err: '' }
    const hands = {
      environment: {},
      openBooks: async () => books as unknown as OpenedBooks,
      out: (text: string) => {
        said.out += text
      },
      err: (text: string) => {
        said.err += text
      },
    } as unknown as Hands
    return { code: await runCli(['accounts', ...args], hands), ...said }
  }
  const askAs = async (credentials: string) => {
    const headers = { authorization: `Basic ${btoa(credentials)}` }
    const answer = await harness.request('/v1/account', { headers })
    return { status: answer.status, body: await answer.json() }
  }
  return { ...harness, run, askAs }
}

const keyIn = (text: string): string => /SK[0-9a-f]{32}:\S+/.exec(text)?.[0] ?? ''

test('an account opened beside the server has a key that works, its own currency and nothing to spend', async () => {
  const { run, askAs, request, account } = await openDesk()
  const { code, out } = await run(
    'add',
    'Shanghai',
    '--currency',
    'CNY',
    '--rules',
    await rulesWithYuan(),
  )
  expect(code).toBe(0)
  const key = keyIn(out)
  const { status, body } = await askAs(key)
  expect(status).toBe(200)
  expect(body).toMatchObject({ name: 'Shanghai', currency: 'CNY' })
  expect(body.id).not.toBe(account.id)
  const headers = { authorization: `Basic ${btoa(key)}` }
  const balance = await (await request('/v1/balance', { headers })).json()
  expect(balance).toEqual({
    currency: 'CNY',
    available_micros: 0,
    held_micros: 0,
    spent_micros: 0,
  })
})

test('accounts are listed with what other commands ask for', async () => {
  const { run, account } = await openDesk()
  await run('add', 'Berlin, Mitte', '--rules', await rulesWithYuan())
  const { code, out } = await run()
  expect(code).toBe(0)
  const [heading, ...rows] = out.trimEnd().split('\n')
  expect(heading).toBe('account,name,currency,default_service,created_at')
  expect(rows.filter((row) => row.startsWith(`${account.id},`))).toHaveLength(1)
  expect(rows.at(-1)).toMatch(/^AC[0-9a-f]{32},"Berlin, Mitte",USD,VA[0-9a-f]{32},/)
})

test('somebody who lost every key of an account gets another', async () => {
  const { run, askAs, account } = await openDesk()
  const { code, out } = await run('key', account.id)
  expect(code).toBe(0)
  const { status, body } = await askAs(keyIn(out))
  expect(status).toBe(200)
  expect(body.id).toBe(account.id)
})

test.each([
  [['add', 'X', '--currency', 'EUR'], "--currency takes one with prices (CNY, USD), not 'EUR'"],
  [['add', 'X', '--currency', 'euro'], "--currency takes one with prices (CNY, USD), not 'euro'"],
  [['add', ' '], 'a name has 1 to 64 characters on one line'],
  [['add'], "it takes 'list', 'add NAME' or 'key ACCOUNT'"],
  [['drop', 'X'], "it takes 'list', 'add NAME' or 'key ACCOUNT'"],
  [['key', 'AC12'], "an account is AC and 32 hex digits, not 'AC12'"],
  [['key', `AC${'0'.repeat(32)}`], `there is no account AC${'0'.repeat(32)}`],
])('%j opens nothing and says why', async (args, message) => {
  const { run } = await openDesk()
  const before = await run()
  const { code, out, err } = await run(...args, '--rules', await rulesWithYuan())
  expect({ code, out, err }).toEqual({ code: 2, out: '', err: `tollgate accounts: ${message}\n` })
  expect(await run()).toEqual(before)
})
