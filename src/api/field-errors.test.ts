import { expect, test } from 'vitest'
import * as z from 'zod'
import { fieldErrorsOf, invalidFields, pointerOf } from './field-errors.ts'

function detailOf(schema: z.ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value, { reportInput: true })
  return parsed.success ? undefined : fieldErrorsOf(parsed.error.issues)[0]?.detail
}

test.each([
  [z.string(), undefined, 'is required'],
  [z.enum(['a', 'b']), undefined, 'is required'],
  [z.union([z.string(), z.int()]), undefined, 'is required'],
  [z.string(), 5, 'must be a string'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.array(z.string()), 'a', 'must be a list'],
  [z.strictObject({}), [], 'must be an object'],
  [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  [z.literal('a'), 'c', 'must be a'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.array(z.string()).min(1), [], 'must have at least 1 items'],
  [z.int().max(9), 10, 'must be at most 9'],
  [z.int().min(1), 0, 'must be at least 1'],
  [z.strictObject({}), { a: 1 }, 'is not a known field'],
  [
    z.record(z.string().max(1), z.string()),
    { ab: '' },
    'has a name that must have at most 1 characters',
  ],
  [z.union([z.string(), z.int()]), true, 'matches none of the forms it may have'],
  [z.string().regex(/a/, 'must hold an a'), 'b', 'must hold an a'],
])('%#: a mistake is told in words', (schema, value, detail) => {
  expect(detailOf(schema as z.ZodType, value)).toBe(detail)
})

test('pointers follow RFC 6901, and repeat only so much of a key', () => {
  expect(pointerOf(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0')
  expect(pointerOf([])).toBe('')
  expect(pointerOf(['k'.repeat(1000)])).toHaveLength(65)
})

test('a body with a thousand mistakes gets an answer of bounded size', () => {
  const body = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, 1]))
  const parsed = z.strictObject({}).safeParse(body, { reportInput: true })
  const problem = invalidFields(fieldErrorsOf(parsed.error?.issues ?? []))
  expect(problem.about.errors).toHaveLength(20)
})
