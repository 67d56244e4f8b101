import { expect, test } from 'vitest'
import { followFolder } from '../support/follow-folder.ts'

const EUR = 'currency,channel,market,country,from,until,price\nEUR,sms,international,*,,,0.07\n'
const GB = `${EUR}EUR,sms,international,GB,`
const COSTS = 'provider,channel,country,currency,cost\ninbox,sms,*,USD,0.04\n'
const INBOX = 'providers: { inbox: { kind: sandbox } }\n'
const ALL = 'routes: [{ match: {}, use: [inbox] }]\n'

/** Whose beginning is right: none of it may count. */
const BAD: readonly (readonly [claim: string, file: string, text: string, told: string])[] = [
  ['a negative price', 'prices/eur.csv', `${GB},,-0.04\n`, '3:28: price: expected 0 to 1000000'],
  ['a price in words', 'prices/eur.csv', `${GB},,free\n`, '3:28: price: expected 0 to 1000000'],
  ['a row that is too short', 'prices/eur.csv', `${GB}\n`, '3:26: a row has 7 cells'],
  ['a row that is too long', 'prices/eur.csv', `${GB},,1,2\n`, '3:30: a row has 7 cells'],
  ['a quote without end', 'prices/eur.csv', `${EUR}EUR,"sms,x\n`, '3:5: a quoted cell must end'],
  ['an unknown column', 'prices/eur.csv', EUR.replace('until', 'til'), '1:38: unknown column'],
  [
    'dates that overlap',
    'prices/eur.csv',
    `${GB},2026-07-01,1\nEUR,sms,international,GB,2026-06-30,,2\n`,
    '4:26: from: 2026-06-30 to ever overlaps ever to 2026-07-01',
  ],
  [
    'an end before the start',
    'prices/eur.csv',
    `${GB}2026-07-02,2026-07-01,1\n`,
    '3:37: until: is not after its start',
  ],
  [
    'a negative price in YAML',
    'prices/eur.yaml',
    'currency: EUR\ndefault: 0.07\nsms: { GB: -1 }\n',
    '3:12: sms.GB: expected 0 to 1000000',
  ],
  [
    'costs that cannot be compared',
    'costs/all.csv',
    `${COSTS}inbox,sms,FR,CNY,0.05\n`,
    '3:14: currency: is compared with USD: routes.yaml must say routing: { currency: USD, exchange: { CNY: … } }',
  ],
  ['a negative cost', 'costs/all.csv', `${COSTS}inbox,sms,GB,USD,-1\n`, '3:18: cost: expected 0'],
  [
    'a cost of an unknown provider',
    'costs/all.csv',
    `${COSTS}outbox,sms,*,USD,0.04\n`,
    '3:1: provider: there is no provider outbox',
  ],
  [
    'a route to an unknown provider',
    'routes.yaml',
    `${INBOX}routes: [{ match: {}, use: [outbox] }]\n`,
    '2:29: routes[0].use[0]: there is no provider outbox',
  ],
  [
    'fallbacks in a circle',
    'routes.yaml',
    `${INBOX}${ALL}fallbacks: { sms: voice, voice: sms }\n`,
    '3:19: fallbacks.sms: a circle: sms -> voice -> sms',
  ],
]

test.each(BAD)(
  '%s is refused by a running server with row and column, and with it the whole file',
  async (_, file, text, told) => {
    const { open, write, logs } = await followFolder()
    const live = await open()
    const { router, prices, costs, ruleSet } = live.current()
    await write(`rules/${file}`, text)
    await live.reload()
    const refused = logs.filter((line) => line.includes('rules.refused'))
    expect(new Set(refused).size).toBe(1)
    expect(refused[0]).toContain(`"${file}:${told}`)
    const after = live.current()
    expect(after.router).toBe(router)
    expect(after.prices).toBe(prices)
    expect(after.costs).toBe(costs)
    expect(after.ruleSet).toBe(ruleSet)
  },
)

test.each(BAD)('%s stops the start', async (_, file, text, told) => {
  const { open, write } = await followFolder()
  await write(`rules/${file}`, text)
  await expect(open()).rejects.toThrow(`${file}:${told}`)
})
