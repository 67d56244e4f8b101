import { expect, test } from 'vitest'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const rule = (id: string, when: string, more: string) =>
  `  - { id: ${id}, why: For this test., when: '${when}', ${more} }\n`
const RULES = {
  'policy.yaml': `version: "live"
rules:
${rule('fast', 'session.known && session.age_ms < 5000', 'action: block, mode: shadow')}
${rule('voice', 'request.voice', 'action: challenge, mode: shadow')}
${rule('robots', 'client.automated', 'action: block')}
`,
  'challenger/policy.yaml': `version: "trial"
rules:
${rule('all-fast', 'session.known && session.age_ms < 9000', 'action: block')}
`,
}

const FAST = { ...PERSON, session_age_ms: 1_000 }
const QUICK = { ...PERSON, session_age_ms: 8_000 }

async function ask(house: Harness, index: number, client: object): Promise<string> {
  const answer = await house.post('/v1/verifications', { to: phoneOf(index), client })
  const body = await answer.json()
  return body.id ?? body.verification.id
}

async function approve(house: Harness, id: string, index: number): Promise<void> {
  await house.settle()
  const [message] = await house.inbox(phoneOf(index))
  const code = /\d{6}/.exec(message?.body ?? '')?.[0]
  const answer = await house.post(`/v1/verifications/${id}/check`, { code })
  expect(await answer.json()).toMatchObject({ valid: true })
}

/** An hour that begins just now is not in the window yet. */
const report = async (house: Harness) => {
  house.clock.advance(1)
  const answer = await house.get('/v1/shadow')
  expect(answer.status).toBe(200)
  return answer.json()
}
const fraud = (house: Harness, id: string) =>
  house.post('/v1/fraud-reports', { verification: id, label: 'fraud' })

test('what shadow rules and the challenger would have done is told beside what became of it', async () => {
  const house = await openHarness({ rules: RULES })
  const ids = []
  for (let index = 0; index < 4; index++) ids.push(await ask(house, index, FAST))
  const quick = await ask(house, 10, QUICK)
  await ask(house, 11, PERSON)
  const [first = '', second = '', third = ''] = ids
  await approve(house, first, 0)
  await approve(house, second, 1)
  await approve(house, quick, 10)
  for (const id of [second, second, third]) expect((await fraud(house, id)).status).toBe(201)
  const { rows, challenger, currency } = await report(house)
  const price = rows[0].stopped_micros / rows[0].sent
  expect(price).toBeGreaterThan(0)
  expect(currency).toBe('USD')
  expect(challenger).toMatch(/^trial\+\w+ none$/)
  const was = { verified: 2, reported: 2, stopped_micros: 4 * price, good_micros: price }
  expect(rows).toEqual([
    {
      kind: 'challenger',
      name: challenger,
      would: 'block',
      ...was,
      hits: 5,
      sent: 5,
      verified: 3,
      stopped_micros: 5 * price,
      good_micros: 2 * price,
    },
    { kind: 'rule', name: 'fast', would: 'block', hits: 4, sent: 4, ...was },
    expect.objectContaining({
      kind: 'challenger',
      would: 'allow',
      hits: 1,
      sent: 1,
      stopped_micros: 0,
      good_micros: 0,
    }),
  ])
})

test('nobody notices a shadow rule or a challenger', async () => {
  const house = await openHarness({ rules: RULES })
  const id = await ask(house, 1, FAST)
  const decision = await (await house.get(`/v1/verifications/${id}/decision`)).json()
  expect(decision).toMatchObject({
    outcome: 'allow',
    rules: [{ rule: 'fast', mode: 'shadow' }],
    challenger: { outcome: 'block', model_version: 'none' },
  })
  const answer = await (await house.get(`/v1/verifications/${id}`)).json()
  expect(JSON.stringify(answer)).not.toMatch(/fast|trial/)
})

test('what was refused anyway would have saved nothing more', async () => {
  const house = await openHarness({ rules: RULES })
  await ask(house, 1, { ...FAST, user_agent: 'curl/8.0' })
  const { rows } = await report(house)
  expect(rows).toContainEqual(
    expect.objectContaining({ name: 'fast', hits: 1, sent: 0, stopped_micros: 0 }),
  )
})

test('a resend adds its price, and hours outside the window are left out', async () => {
  const house = await openHarness({ rules: RULES })
  const id = await ask(house, 1, FAST)
  house.clock.advance(61_000)
  expect((await house.post(`/v1/verifications/${id}/resend`, { client: PERSON })).status).toBe(201)
  const [row] = (await report(house)).rows
  house.clock.advance(25 * 3_600_000)
  expect((await report(house)).rows).toEqual([])
  const from = new Date(house.clock.nowMs() - 48 * 3_600_000).toISOString()
  const { rows } = await (await house.get(`/v1/shadow?from=${from}`)).json()
  expect(rows).toContainEqual(row)
  expect(row.stopped_micros).toBeGreaterThan(0)
})

test('a policy without shadows writes none', async () => {
  const house = await openHarness()
  await ask(house, 1, PERSON)
  const stored = await house.db.driver.all({ sql: 'SELECT shadow FROM verifications', args: [] })
  expect(stored).toEqual([{ shadow: null }])
  expect((await report(house)).challenger).toBeNull()
})
