import { expect, test } from 'vitest'
import { KEY_ID, KEY_SECRET } from '../support/server-process.ts'
import { runBundle, startBundle, temporaryDataDir } from './bundle.ts'

test('the demo shows a line a second, lets its people in and ends with the fraud report', async () => {
  const server = await startBundle(await temporaryDataDir())
  const access = { TOLLGATE_URL: server.url, TOLLGATE_KEY: `${KEY_ID}:${KEY_SECRET}` }
  const { code, out, err } = await runBundle(['demo', '--seconds', '3'], access)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lines = out.split('\n')
  expect(lines.filter((line) => /^ +\d+ s {2}people /.test(line))).toHaveLength(3)
  const attack = lines.filter((line) => /^ +\d+ s {2}attack .*saved \d+\.\d\d$/.test(line))
  expect(attack).toHaveLength(3)
  expect(out).toMatch(
    /^People: {2}\d+ asked, \d+ were sent a code, \d+ got in, \d+ were turned away\.$/m,
  )
  expect(out).toMatch(/^Total +asked +allowed +challenged +blocked +verified/m)
  expect(out).toMatch(/^Range /m)
})

test('the demo says in one line what it lacks', async () => {
  const [keyless, nobody] = await Promise.all([
    runBundle(['demo']),
    runBundle(['demo', '--url', 'http://127.0.0.1:1', '--key', `${KEY_ID}:wrong`]),
  ])
  expect(keyless.code).toBe(2)
  expect(keyless.err).toMatch(/^tollgate demo: .*--key.*\n$/)
  expect(nobody.code).toBe(1)
  expect(nobody.err).toMatch(/^tollgate demo: nothing answers at http:\/\/127\.0\.0\.1:1\..*\n$/)
})
