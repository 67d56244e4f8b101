import { expect, test } from 'vitest'
import { openWindow } from './window.ts'

/** How many get in without waiting. */
async function roomIn(window: ReturnType<typeof openWindow>): Promise<number> {
  let entered = 0
  while (await window.enter(1)) entered += 1
  for (let left = entered; left > 0; left--) window.leave()
  return entered
}

test('too fast halves the window, never to nothing, and what goes well widens it again', async () => {
  const window = openWindow(8)
  expect(await roomIn(window)).toBe(8)
  window.note('too_fast')
  expect(await roomIn(window)).toBe(4)
  for (let time = 0; time < 5; time++) window.note('too_fast')
  expect(await roomIn(window)).toBe(1)
  for (let time = 0; time < 40; time++) window.note('well')
  expect(await roomIn(window)).toBe(3)
  for (let time = 0; time < 400; time++) window.note('well')
  expect(await roomIn(window)).toBe(8)
})

test('who leaves makes room for who waited longest', async () => {
  const window = openWindow(1)
  await window.enter(0)
  const order: string[] = []
  const first = window.enter(60_000).then(() => order.push('first'))
  const second = window.enter(60_000).then(() => order.push('second'))
  window.leave()
  await first
  window.leave()
  await second
  expect(order).toEqual(['first', 'second'])
})
