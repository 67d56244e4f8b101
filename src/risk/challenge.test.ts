import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccountId } from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import { openVault } from '../platform/vault.ts'
import { CHALLENGE_TTL_MS, checkSolution, difficultyFor, makeChallenge } from './challenge.ts'

const randomBytes = (length: number) => new Uint8Array(length).fill(7)
const vault = openVault([new Uint8Array(32).fill(1)], randomBytes)
const otherVault = openVault([new Uint8Array(32).fill(2)], randomBytes)
const binding = { accountId: 'AC1' as AccountId, phone: '+447400123456' as Phone }
const difficulty = { cost: 2, counterMin: 20, counterMax: 40 }
const NOW_MS = 1_700_000_000_000

const make = (): Promise<Challenge> =>
  makeChallenge({ vault, randomBytes }, { binding, difficulty, nowMs: NOW_MS })

async function solved(challenge: Challenge) {
  const solution = await solveChallenge({ challenge, deriveKey })
  if (solution === null) throw new Error('not solved')
  return { challenge, solution }
}
const check = (payload: unknown, nowMs = NOW_MS + 1_000) =>
  checkSolution({ vault }, { payload, binding, nowMs })

test("the library's own solver passes, posted as an object or as the widget's base64 text", async () => {
  const payload = await solved(await make())
  const { nonce } = payload.challenge.parameters
  expect(await check(payload)).toEqual({ kind: 'passed', nonce })
  expect(await check(btoa(JSON.stringify(payload)))).toEqual({ kind: 'passed', nonce })
})

test('a challenge survives the JSON of an answer and the extra members that widgets post', async () => {
  const challenge: Challenge = JSON.parse(JSON.stringify(await make()))
  const payload = await solved(challenge)
  expect(await check({ ...payload, test: false })).toMatchObject({ kind: 'passed' })
})

test('the work is within the bounds of its difficulty', async () => {
  const { solution } = await solved(await make())
  expect(solution.counter).toBeGreaterThanOrEqual(difficulty.counterMin)
  expect(solution.counter).toBeLessThanOrEqual(difficulty.counterMax)
})

test('a solution expires with its challenge', async () => {
  const payload = await solved(await make())
  expect(await check(payload, NOW_MS + CHALLENGE_TTL_MS - 1)).toMatchObject({ kind: 'passed' })
  expect(await check(payload, NOW_MS + CHALLENGE_TTL_MS)).toEqual({
    kind: 'failed',
    why: 'expired',
  })
})

test('a solution is worth nothing for another number or account', async () => {
  const payload = await solved(await make())
  const nowMs = NOW_MS
  const otherPhone = { ...binding, phone: '+447400123457' as Phone }
  const otherAccount = { ...binding, accountId: 'AC2' as AccountId }
  for (const other of [otherPhone, otherAccount]) {
    const checked = await checkSolution({ vault }, { payload, binding: other, nowMs })
    expect(checked).toEqual({ kind: 'failed', why: 'other_request' })
  }
})

test('a challenge of another master key is forged', async () => {
  const made = await makeChallenge(
    { vault: otherVault, randomBytes },
    { binding, difficulty, nowMs: NOW_MS },
  )
  expect(await check(await solved(made))).toEqual({ kind: 'failed', why: 'forged' })
})

test('a challenge made easier or longer lived is forged', async () => {
  const { challenge, solution } = await solved(await make())
  const { data, ...parameters } = challenge.parameters
  for (const changed of [
    { ...parameters, data, cost: 1 },
    { ...parameters, data, keyPrefix: '00' },
    { ...parameters, data: { ...data, expires_at: 2_000_000_000 } },
  ]) {
    const payload = { challenge: { ...challenge, parameters: changed }, solution }
    expect(await check(payload)).toEqual({ kind: 'failed', why: 'forged' })
  }
})

test('a solution without the work is wrong', async () => {
  const challenge = await make()
  const derivedKey = `${challenge.parameters.keyPrefix}${'0'.repeat(32)}`
  expect(await check({ challenge, solution: { counter: 25, derivedKey } })).toEqual({
    kind: 'failed',
    why: 'wrong',
  })
})

test.each([
  undefined,
  null,
  0,
  '',
  'not base64!',
  btoa('{'),
  btoa('null'),
  'A'.repeat(10_000),
  {},
  { challenge: {}, solution: {} },
])('%j is malformed', async (payload) => {
  expect(await check(payload)).toEqual({ kind: 'failed', why: 'malformed' })
})

test('whatever is posted is answered, and nothing but a solution passes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), fc.json().map(btoa8)), async (payload) => {
      expect(await check(payload)).toMatchObject({ kind: 'failed' })
    }),
    { numRuns: 500 },
  )
})

const btoa8 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

const MOST_ITERATIONS = 6_000_000

test('work grows with risk and is bounded at both ends', () => {
  const workOf = (risk: number) => {
    const { cost, counterMin, counterMax } = difficultyFor(risk)
    expect(counterMin).toBeGreaterThan(0)
    expect(counterMax).toBeGreaterThan(counterMin)
    return cost * counterMax
  }
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ noNaN: true }),
      (low, more) => {
        const high = Math.min(1, low + Math.abs(more))
        expect(workOf(high)).toBeGreaterThanOrEqual(workOf(low))
        expect(workOf(high)).toBeLessThanOrEqual(MOST_ITERATIONS)
      },
    ),
  )
  expect(workOf(1)).toBe(MOST_ITERATIONS)
  expect(workOf(0)).toBe(MOST_ITERATIONS / 10)
})

test('a risk that is no number asks for all the work and no more', () => {
  for (const risk of [Number.NaN, Number.POSITIVE_INFINITY, 7])
    expect(difficultyFor(risk)).toEqual(difficultyFor(1))
  expect(difficultyFor(-1)).toEqual(difficultyFor(0))
})
