import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Hands } from './command.ts'
import { runCli } from './main.ts'

async function folderOfRules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prices-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(fileURLToPath(new URL('../../rules', import.meta.url)), folder, { recursive: true })
  return folder
}

async function run(...args: readonly string[]) {
  const said = { out: '', err: '' }
  const hands = {
    environment: {},
    out: (text: string) => {
      said.out += text
    },
    err: (text: string) => {
      said.err += text
    },
  } as unknown as Hands
  return { code: await runCli(['prices', ...args], hands), ...said }
}

const pricesIn = async (folder: string) => (await readdir(join(folder, 'prices'))).sort()

test('an export imported in place of all other files is the same export again', async () => {
  const folder = await folderOfRules()
  const file = join(folder, '..', `${folder.split('/').at(-1)}.csv`)
  onTestFinished(() => rm(file))
  const first = await run('export', '--rules', folder, '--out', file)
  expect(first).toEqual({ code: 0, out: '', err: '' })
  const imported = await run('import', file, '--only', '--rules', folder)
  expect(imported.code).toBe(0)
  expect(imported.out).toMatch(/\.csv is in force; the folder has 58 prices\n.*usd\.yaml was set/)
  expect(await pricesIn(folder)).toEqual([expect.stringMatching(/\.csv$/), 'usd.yaml~'])
  const second = await run('export', '--rules', folder)
  expect(second.out).toBe(await readFile(file, 'utf8'))
  expect(second.out.split('\n').slice(0, 2)).toEqual([
    'account,currency,channel,market,country,kind,from,until,tier_from,price,bill_on',
    ',USD,sms,international,*,,,,0,0.08,accepted',
  ])
})

test('a file with one broken row is refused whole, with row and column, and nothing changes', async () => {
  const folder = await folderOfRules()
  const file = join(folder, '..', `${folder.split('/').at(-1)}-broken.csv`)
  onTestFinished(() => rm(file))
  const rows = [
    'currency,channel,market,country,price',
    'EUR,sms,international,*,0.07',
    'EUR,sms,international,GB,-0.04',
  ]
  await writeFile(file, `${rows.join('\n')}\n`)
  const { code, out, err } = await run('import', file, '--rules', folder)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/-broken\.csv:3:26: price: expected 0 to 1000000.*\n1 mistake\n$/)
  expect(await pricesIn(folder)).toEqual(['usd.yaml'])
})

test('a file that contradicts another is refused at its own row', async () => {
  const folder = await folderOfRules()
  const file = join(folder, '..', `${folder.split('/').at(-1)}-x.csv`)
  onTestFinished(() => rm(file))
  await writeFile(file, 'currency,channel,market,country,price\nUSD,sms,international,GB,1\n')
  const { code, err } = await run('import', file, '--rules', folder)
  expect(code).toBe(1)
  expect(err).toContain('price: is on the list already (ever to ever)')
})

test('margins are told for every cost, the worst first', async () => {
  const folder = await folderOfRules()
  await writeFile(
    join(folder, 'prices', 'cn.yaml'),
    'currency: CNY\ndefault: 1\ndomestic: { country: CN, otp: 0.045, notice: 0.045, bulk: 0.05 }\n',
  )
  await writeFile(
    join(folder, 'routes.yaml'),
    'providers: { cheap: { kind: sandbox } }\nroutes: [{ match: {}, use: [cheap] }]\n' +
      'routing: { currency: USD, exchange: { CNY: 0.14 } }\n',
  )
  await mkdir(join(folder, 'costs'))
  await writeFile(
    join(folder, 'costs', 'cheap.csv'),
    'provider,channel,country,currency,cost\ncheap,sms,CN,CNY,0.04\ncheap,sms,*,USD,0.09\n',
  )
  const { out } = await run('margins', '--rules', folder)
  expect(out.split('\n')).toEqual([
    'provider,channel,country,kind,currency,price,cost,margin',
    'cheap,sms,*,,USD,0.08,0.09,-0.01',
    'cheap,sms,CN,otp,CNY,0.045,0.04,0.005',
    'cheap,sms,CN,notice,CNY,0.045,0.04,0.005',
    'cheap,sms,CN,bulk,CNY,0.05,0.04,0.01',
    '',
  ])
})

test('a verb that is none, or an import of nothing, is a mistake of the caller', async () => {
  expect((await run('sell')).code).toBe(2)
  expect((await run('import')).code).toBe(2)
  expect((await run('import', '/nowhere.csv')).code).toBe(2)
})
