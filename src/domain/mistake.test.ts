import { expect, test } from 'vitest'
import * as z from 'zod'
import { mistakesOf } from './mistake.ts'

const schema = z.strictObject({
  list: z.union([z.string(), z.array(z.string())], { error: 'expected a text or a list' }),
  named: z.record(z.string().regex(/^[a-z]+$/, 'expected small letters'), z.number()),
})

const mistakesIn = (value: unknown) =>
  mistakesOf(schema.safeParse(value).error?.issues ?? [], ['f'])

test('an unknown field is shown at the field', () => {
  expect(mistakesIn({ list: 'a', named: {}, extra: 1 })).toEqual([
    { path: ['f', 'extra'], message: 'unknown field' },
  ])
})

test('inside a union the spoiled member is shown, and the union itself where no alternative was meant', () => {
  expect(mistakesIn({ list: ['a', 1], named: {} })[0]?.path).toEqual(['f', 'list', 1])
  expect(mistakesIn({ list: 7, named: {} })).toEqual([
    { path: ['f', 'list'], message: 'expected a text or a list' },
  ])
})

test('a bad key is shown with what a key should be', () => {
  expect(mistakesIn({ list: 'a', named: { A: 1 } })).toEqual([
    { path: ['f', 'named', 'A'], message: 'expected small letters' },
  ])
})
