import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli, startCli } from './run-cli.ts'

const EVENTS = 200_000
const LARGE_MS = 180_000
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-replay-'))
})
afterAll(() => rm(folder, { recursive: true }))

const issue = (t: number, ref: string, change: object = {}) =>
  JSON.stringify({
    type: 'issue',
    t,
    ref,
    tenant: 'shop',
    to: '+447400123456',
    channel: 'sms',
    purpose: 'login',
    ip: '86.1.2.3',
    network: null,
    user_agent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Mobile Safari/537.36',
    accept_language: 'en-GB,en;q=0.9',
    client_hints: { mobile: '?1', platform: 'Android' },
    device_id: 'd-1',
    ja4: null,
    session_age_ms: 20_000,
    solves_challenge: false,
    ...change,
  })
const check = (t: number, ref: string) => JSON.stringify({ type: 'check', t, ref, correct: true })
const T0 = Date.UTC(2026, 0, 5)

test(
  'two hundred thousand events give the same answers, byte for byte, every time',
  async () => {
    const events = join(folder, 'events.ndjson')
    const made = [
      'simulate',
      '--seed',
      '5',
      '--days',
      '30',
      '--events',
      `${EVENTS}`,
      '--out',
      events,
    ]
    expect(await runCli(made)).toEqual({ code: 0, out: '', err: '' })
    expect(await linesIn(events)).toBe(EVENTS)
    const answers = ['one', 'two'].map((name) => join(folder, `${name}.ndjson`))
    const runs = await Promise.all(answers.map((out) => runCli(['replay', events, '--out', out])))
    expect(runs).toEqual(Array(2).fill({ code: 0, out: '', err: '' }))
    const [one, two] = await Promise.all(answers.map(digestOf))
    expect(one).toBe(two)
    expect(await linesIn(answers[0] as string)).toBeGreaterThan(EVENTS / 3)
  },
  LARGE_MS,
)

test('a malformed line is told with its number, the run goes on, and the exit code is 1', async () => {
  const events = join(folder, 'broken.ndjson')
  const lines = [
    issue(T0, 'a'),
    '{"type":"issue"',
    issue(T0 + 1, 'b', { to: 12 }),
    check(T0 + 9, 'a'),
  ]
  await writeFile(events, `${lines.join('\n')}\n`)
  const { code, out, err } = await runCli(['replay', events])
  expect(code).toBe(1)
  expect(answersIn(out)).toMatchObject([{ ref: 'a', decision: 'allow' }, { result: 'approved' }])
  expect(err).toMatch(/^line 2: .+\nline 3: .+\n$/)
})

test('--strict stops at the first malformed line', async () => {
  const lines = [issue(T0, 'a'), 'not json', check(T0 + 9, 'a')]
  const { code, out, err } = await runCli(['replay', '-', '--strict'], lines.join('\n'))
  expect(code).toBe(1)
  expect(answersIn(out)).toMatchObject([{ ref: 'a' }])
  expect(err).toMatch(/^line 2: .+\n$/)
})

test('a stream has its answer before the next event is written', async () => {
  const child = startCli(['replay', '-'])
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`)
    return JSON.parse((await answers.next()).value as string) as unknown
  }
  expect(await ask(issue(T0, 'a'))).toMatchObject({ ref: 'a', sent: true, currency: 'USD' })
  expect(await ask(check(T0 + 8_000, 'a'))).toEqual({ ref: 'a', result: 'approved' })
  expect(await ask(check(T0 + 9_000, 'never-sent'))).toEqual({
    ref: 'never-sent',
    result: 'not_found',
  })
  const exited = once(child, 'exit')
  child.stdin.end()
  expect((await exited)[0]).toBe(0)
})

test('numbers that a file or the events themselves name are decided by nobody, until they are named no more', async () => {
  const numbers = join(folder, 'numbers.txt')
  await writeFile(numbers, '# our own probes\nshop +447400123456\nbank, +447400123457\n\n')
  const script = { user_agent: 'curl/8.4.0', ip: '5.9.0.1' }
  const lines = [
    issue(T0, 'by-file', script),
    check(T0 + 2_000, 'by-file'),
    issue(T0 + 3_000, 'other-tenant', { ...script, tenant: 'bank' }),
    issue(T0 + 4_000, 'by-event', { ...script, to: '+447400123458', test_number: true }),
    issue(T0 + 5_000, 'unnamed', { ...script, to: '+447400123458' }),
  ]
  const run = ['replay', '-', '--test-numbers', numbers]
  const { code, out, err } = await runCli(run, lines.join('\n'))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const probe = { decision: 'allow', sent: true, reasons: ['test_number'], price_micros: 0 }
  expect(answersIn(out)).toMatchObject([
    { ref: 'by-file', ...probe },
    { ref: 'by-file', result: 'approved' },
    { ref: 'other-tenant', price_micros: expect.toSatisfy((price: number) => price > 0) },
    { ref: 'by-event', ...probe },
    { ref: 'unnamed', price_micros: expect.toSatisfy((price: number) => price > 0) },
  ])
})

test('a line of test numbers that is something else is told with its place', async () => {
  const numbers = join(folder, 'wrong-numbers.txt')
  await writeFile(numbers, 'shop +447400123456\nshop 07400123456\n')
  const { code, err } = await runCli(['replay', '-', '--test-numbers', numbers], '')
  expect(code).toBe(2)
  expect(err).toContain('wrong-numbers.txt:2: expected a tenant and a number')
})

test('an events file that is not there is one line and exit code 2', async () => {
  const { code, out, err } = await runCli(['replay', join(folder, 'none.ndjson')])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

const answersIn = (out: string): unknown[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function linesIn(path: string): Promise<number> {
  let lines = 0
  for await (const _ of createInterface({ input: createReadStream(path) })) lines++
  return lines
}
