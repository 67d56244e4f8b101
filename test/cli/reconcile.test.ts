import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Hands, OpenedBooks } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/main.ts'
import { SqlSentRecordStore } from '../../src/storage/sql/sent-record-store.ts'
import { openFileDatabase } from '../stores/open-stores.ts'
import {
  accepted,
  closeOnDelivery,
  opening,
  sendOf,
  USD,
  verification,
} from '../stores/suites/examples.ts'
import { sqlStores } from '../stores/suites/stores.ts'

/** Three messages of `cheap`, at 0.02 each, and a folder for files. */
async function openFinance() {
  const folder = await mkdtemp(join(tmpdir(), 'reconcile-'))
  const { db, vault, close } = await openFileDatabase()
  const stores = sqlStores(db, vault, close)
  onTestFinished(async () => {
    await close()
    await rm(folder, { recursive: true })
  })
  for (const id of ['m-1', 'm-2', 'm-3']) {
    const of = verification()
    const send = sendOf(of)
    await stores.verifications.open(opening({ verification: of, send }))
    const answer = { providerMessageId: id, expectedCostCurrency: USD }
    await stores.outbox.finish([accepted(send.id, answer)], closeOnDelivery)
  }
  const run = async (invoice: string, ...args: readonly string[]) => {
    const file = join(folder, 'invoice.csv')
    await writeFile(file, invoice)
    const said = { out: '', err: '' }
    const books = { sentRecords: new SqlSentRecordStore(db.driver), close: async () => undefined }
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
    return { code: await runCli(['reconcile', 'cheap', file, ...args], hands), ...said }
  }
  return { run, folder }
}

const INVOICE = `Sid,Price,To,State
m-1,-0.02,+447700900123,delivered
m-2,-0.025,+447700900124,delivered
m-9,-0.02,+447700900125,failed
`
const ASKED = [
  '--columns',
  'id=Sid,price=Price,to=To,status=State',
  '--currency',
  'USD',
  '--negative',
]

test('a person reads what is in dispute, and the exit code says whether it is too much', async () => {
  const { run } = await openFinance()
  const { code, out, err } = await run(INVOICE, ...ASKED)
  expect({ code, err }).toEqual({ code: 1, err: '' })
  const lines = out.split('\n').map((line) => line.replaceAll(/ +/g, ' ').replace(/ VL\w+/, ' VL'))
  expect(lines).toEqual([
    'invoice.csv of cheap, messages from 2026-01-15 to before 2026-01-16',
    '',
    ' messages invoice ours disputed',
    'USD matched 1 0.02 0.02 0',
    'USD price differs 1 0.025 0.02 0.005',
    'USD missing here 1 0.02 0 0.02',
    'USD missing there 1 0 0.02 0.02',
    '',
    'more than the tolerance of 0',
    '',
    'price differs:',
    ' line 3: m-2 VL 0.025 for 0.02 (delivered)',
    '',
    'missing here:',
    ' line 4: m-9 0.02 for nothing (failed)',
    '',
    'missing there:',
    ' m-3 VL nothing for 0.02',
    '',
  ])
  expect((await run(INVOICE, ...ASKED, '--tolerance', '0.045')).code).toBe(0)
  expect((await run(INVOICE, ...ASKED, '--tolerance', '0.044999')).code).toBe(1)
})

test('CSV and JSON hold every finding, with numbers masked', async () => {
  const { run, folder } = await openFinance()
  const file = join(folder, 'report.csv')
  const written = await run(INVOICE, ...ASKED, '--format', 'csv', '--out', file)
  expect(written).toEqual({ code: 1, out: '', err: '' })
  const [header, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(header?.split(',').slice(0, 3)).toEqual(['finding', 'line', 'id'])
  expect(rows.map((row) => row.split(',')[0])).toEqual([
    'price_differs',
    'missing_here',
    'missing_there',
  ])
  expect(rows[1]).toContain('+*********125')
  const { out } = await run(INVOICE, ...ASKED, '--format', 'json')
  expect(JSON.parse(out)).toMatchObject({
    provider: 'cheap',
    from: '2026-01-15',
    to: '2026-01-16',
    within_tolerance: false,
    findings: [{ finding: 'price_differs', line: '3' }, { id: 'm-9' }, { id: 'm-3' }],
    totals: [{ kind: 'matched' }, { kind: 'price_differs', difference: '0.005' }, {}, {}],
  })
})

test('a broken row refuses the file with row and column, and no report is made', async () => {
  const { run, folder } = await openFinance()
  const file = join(folder, 'report.json')
  const { code, out, err } = await run(
    'id,price,currency\nm-1,0.02,USD\nm-2,free,USD\n',
    ...['--format', 'json', '--out', file],
  )
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(
    /invoice\.csv:3:5: price: expected 0 or more.*\n1 mistake, nothing was compared\n$/,
  )
  await expect(stat(file)).rejects.toThrow('ENOENT')
})

test.each([
  [['--columns', 'sid=Sid']],
  [['--currency', 'dollars']],
  [['--from', '2026-01-01']],
  [['--from', '2026-02-01', '--to', '2026-01-01']],
  [['--tolerance', 'little']],
  [['--format', 'pdf']],
])('%j is a mistake of the caller', async (args) => {
  const { run } = await openFinance()
  const { code, err } = await run(INVOICE, ...args)
  expect(code).toBe(2)
  expect(err).toMatch(/^tollgate reconcile: --/)
})
