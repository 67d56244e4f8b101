import { expect, onTestFinished, test } from 'vitest'
import { openSmsc } from '../providers/smsc.ts'
import { followFolder } from '../support/follow-folder.ts'
import { tinyModelText } from '../support/tiny-model.ts'

const CHALLENGER = `version: "on-trial"
rules:
  - { id: nobody, why: For this test., when: request.voice, action: block }
`

test('a new model goes into force by itself, and the log says which', async () => {
  const { open, write, logs } = await followFolder()
  const live = await open()
  expect(live.current().model?.version).toBe('forest-first')
  await write('models/forest.json', tinyModelText('session.age_ms', 9, 'forest-second'))
  await live.reload()
  expect(live.current().model?.version).toBe('forest-second')
  expect(logs.join('\n')).toMatch(/model\.loaded.*forest-second/)
})

const good = tinyModelText('session.age_ms', 5, 'forest-bad')
test.each<[string, string, RegExp]>([
  ['a truncated model', good.slice(0, 5_000), /not whole JSON/],
  [
    'a model of another catalogue',
    good.replace(/"catalogue":"\w+"/, '"catalogue":"other"'),
    /train the model again/,
  ],
  [
    'a model with NaN in it',
    good.replace(/"splitValue":[\d.]+/, '"splitValue":null'),
    /splitValue/,
  ],
  ['no model at all', 'nothing', /not whole JSON/],
])('%s is refused with a clear word, and the running one stays', async (_, text, reason) => {
  const { open, write, logs } = await followFolder()
  const live = await open()
  await write('models/forest.json', text)
  await live.reload()
  expect(live.current().model?.version).toBe('forest-first')
  const refused = logs.find((line) => line.includes('model.refused'))
  expect(refused).toMatch(reason)
  expect(refused).toMatch(/forest\.json.*forest-first/)
})

test('a model whose file is gone runs on', async () => {
  const { open, remove } = await followFolder()
  const live = await open()
  await remove('models/forest.json')
  await live.reload()
  expect(live.current().model?.version).toBe('forest-first')
})

test('new models do not wait for rules that are wrong', async () => {
  const { open, write } = await followFolder()
  const live = await open()
  const { version } = live.current().ruleSet
  await write('rules/policy.yaml', 'version: [')
  await write('models/forest.json', tinyModelText('session.age_ms', 9, 'forest-second'))
  await live.reload()
  expect(live.current().ruleSet.version).toBe(version)
  expect(live.current().model?.version).toBe('forest-second')
})

test('a bad model stops the start and names its file', async () => {
  const { open, write } = await followFolder()
  await write('models/challenger.json', '{')
  await expect(open()).rejects.toThrow(/challenger\.json: the file is not whole JSON/)
})

test('a challenger is rules, a model or both; the rest is what is in force', async () => {
  const { open, write, remove } = await followFolder()
  const live = await open()
  expect(live.current().challenger).toBeUndefined()
  await write('rules/challenger/policy.yaml', CHALLENGER)
  await live.reload()
  expect(live.current().challenger?.ruleSet.version).toMatch(/^on-trial\+/)
  expect(live.current().challenger?.model?.version).toBe('forest-first')
  await write('models/challenger.json', tinyModelText('session.age_ms', 9, 'forest-trial'))
  await remove('rules/challenger/policy.yaml')
  await live.reload()
  expect(live.current().challenger?.ruleSet).toBe(live.current().ruleSet)
  expect(live.current().challenger?.model?.version).toBe('forest-trial')
  await remove('models/challenger.json')
  await live.reload()
  expect(live.current().challenger).toBeUndefined()
})

test('a challenger may have a folder of its own, and its mistakes are named like any others', async () => {
  const { open, write, logs } = await followFolder('trial')
  await write('trial/policy.yaml', CHALLENGER)
  const live = await open()
  expect(live.current().challenger?.ruleSet.version).toMatch(/^on-trial\+/)
  await write('trial/policy.yaml', CHALLENGER.replace('request.voice', 'request.vice'))
  await live.reload()
  expect(live.current().challenger?.ruleSet.version).toMatch(/^on-trial\+/)
  expect(logs.join('\n')).toMatch(/rules\.refused.*challenger\/policy\.yaml/)
})

test('after a change of the rules the old session takes leave, and the new one is bound before anything is sent', async () => {
  const smsc = await openSmsc()
  const { open, write } = await followFolder()
  const routes = (port: number, system: string) => `providers:
  operator:
    kind: smpp
    settings: { host: 127.0.0.1, port: ${port}, system_id: ${system}, password: secret12 }
routes: [{ match: {}, use: [operator] }]
`
  await write('rules/routes.yaml', routes(smsc.port, 'before'))
  const live = await open()
  onTestFinished(() => live.release())
  live.current().router.open()
  await smsc.seen('bind_transceiver')
  await write('rules/routes.yaml', routes(smsc.port, 'after'))
  await live.reload()
  const binds = await smsc.seen('bind_transceiver', 2)
  expect(binds.slice(0, 2)).toMatchObject([{ system_id: 'before' }, { system_id: 'after' }])
  expect(smsc.of('unbind')).not.toHaveLength(0)
  expect(smsc.of('submit_sm')).toEqual([])
})
