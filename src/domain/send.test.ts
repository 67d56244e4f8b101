import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DELIVERY_STATUSES, type SendStatus, stageOf, statusAfter } from './send.ts'

const STARTS: readonly SendStatus[] = ['sent', 'unknown']

test('in whatever order receipts come, delivered stays, and so does the first failure', async () => {
  const receipts = fc.array(fc.constantFrom(...DELIVERY_STATUSES), { maxLength: 8 })
  await fc.assert(
    fc.property(fc.constantFrom(...STARTS), receipts, (start, told) => {
      const end = told.reduce((status, receipt) => statusAfter(status, receipt) ?? status, start)
      const firstFailure = told.find((one) => one === 'undelivered' || one === 'failed')
      if (told.includes('delivered')) expect(end).toBe('delivered')
      else if (firstFailure !== undefined) expect(end).toBe(firstFailure)
      else expect(end).toBe(told.length > 0 ? 'sent' : start)
    }),
  )
})

test('of receipts that wait the furthest is the one that would win', () => {
  expect([...DELIVERY_STATUSES].sort((a, b) => stageOf(b) - stageOf(a))[0]).toBe('delivered')
  expect(stageOf('sent')).toBeGreaterThan(stageOf('queued'))
  expect(stageOf('failed')).toBeGreaterThan(stageOf('sent'))
})
