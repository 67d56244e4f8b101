import { expect, test } from 'vitest'
import type { Schema } from './document.ts'
import { limitsOf, schemaRows, typeParts } from './schema-rows.ts'

const wordsOf = (schema: Schema) =>
  typeParts(schema)
    .map((part) => ('named' in part ? `<${part.named}>` : part.text))
    .join('')

test('members of nested objects stand behind the object they are in, by their path', () => {
  const pair = { type: 'object', properties: { code: {}, detail: {} }, required: ['code'] }
  const schema = {
    type: 'object',
    properties: { id: {}, errors: { type: 'array', items: pair }, other: { anyOf: [pair] } },
    required: ['id', 'errors'],
  }
  const rows = schemaRows(schema).map(({ path, required }) => (required ? path : `${path}?`))
  expect(rows).toEqual([
    'id',
    'errors',
    'errors[].code',
    'errors[].detail?',
    'other?',
    'other.code',
    'other.detail?',
  ])
})

test('a named schema is not entered, and one without members is a line of its own', () => {
  const named = { $ref: '#/components/schemas/Batch' }
  expect(schemaRows({ type: 'object', properties: { batch: named } })).toHaveLength(1)
  expect(schemaRows({ type: 'string' })).toEqual([
    { path: '', required: true, schema: { type: 'string' } },
  ])
})

test.each<[string, Schema]>([
  ['<Batch>', { $ref: '#/components/schemas/Batch' }],
  ['<Batch>[]', { type: 'array', items: { $ref: '#/components/schemas/Batch' } }],
  ['"a" | "b"', { type: 'string', enum: ['a', 'b'] }],
  ['"a"', { type: 'string', const: 'a' }],
  ['string | <Batch>', { anyOf: [{ type: 'string' }, { $ref: '#/components/schemas/Batch' }] }],
  ['map of integer', { type: 'object', additionalProperties: { type: 'integer' } }],
  ['object', { type: 'object', properties: {}, additionalProperties: {} }],
  ['number | string', { type: ['number', 'string'] }],
  ['date-time', { type: 'string', format: 'date-time' }],
  ['anything', {}],
])('a type reads as %s', (words, schema) => {
  expect(wordsOf(schema)).toBe(words)
})

test.each<[string | undefined, Schema]>([
  ['1 to 64 characters', { minLength: 1, maxLength: 64 }],
  ['at most 10 items, default [1]', { maxItems: 10, default: [1] }],
  ['6 characters', { minLength: 6, maxLength: 6 }],
  ['at least 0', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }],
  ['0 to 1', { minimum: 0, maximum: 1 }],
  [undefined, { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }],
])('limits read as %s', (words, schema) => {
  expect(limitsOf(schema)).toBe(words)
})
