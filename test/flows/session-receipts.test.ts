import { expect, onTestFinished, test } from 'vitest'
import { NODE_KINDS } from '../../src/channels/kinds-node.ts'
import { call, issue, phoneOf } from '../http/suites/door-house.ts'
import { openSmsc, receiptOf } from '../providers/smsc.ts'
import { openHarness } from '../support/harness.ts'

const routesTo = (port: number) => `
providers:
  operator:
    kind: smpp
    settings: { host: 127.0.0.1, port: ${port}, system_id: acme, password: secret12 }
routes:
  - { match: {}, use: [operator] }
`

test('a receipt that comes by a session changes the send, and the same again changes nothing', async () => {
  const smsc = await openSmsc()
  const house = await openHarness({
    kinds: NODE_KINDS,
    rules: { 'routes.yaml': routesTo(smsc.port) },
  })
  onTestFinished(() => house.house.policy().router.close())
  const id = await issue(house, phoneOf(1))
  await house.settle()
  const sendOf = async () => (await call(house, `GET /v1/verifications/${id}`)).body.send
  expect(await sendOf()).toMatchObject({ status: 'sent' })
  for (const count of [1, 2]) {
    smsc.latest().send(receiptOf('M1', 'DELIVRD'))
    await smsc.seen('deliver_sm_resp', count)
    expect(await sendOf()).toMatchObject({ status: 'delivered' })
  }
})

test('a receipt for a message that nobody sent is answered', async () => {
  const smsc = await openSmsc()
  const house = await openHarness({
    kinds: NODE_KINDS,
    rules: { 'routes.yaml': routesTo(smsc.port) },
  })
  onTestFinished(() => house.house.policy().router.close())
  await issue(house, phoneOf(1))
  await house.settle()
  smsc.latest().send(receiptOf('nobody', 'DELIVRD'))
  expect(await smsc.seen('deliver_sm_resp')).toMatchObject([{ command_status: 0 }])
})
