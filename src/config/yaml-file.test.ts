import { expect, test } from 'vitest'
import * as z from 'zod'
import { formatMistake } from './mistake.ts'
import { pathText } from './placed-data.ts'
import { parseYaml, readYaml } from './yaml-file.ts'

const schema = z.strictObject({
  name: z.string(),
  limits: z.strictObject({ day: z.int().min(1) }).optional(),
  parts: z.array(z.strictObject({ id: z.string(), size: z.number() })).default([]),
})
function mistakesIn(...lines: string[]) {
  const parsed = parseYaml('f.yaml', lines.join('\n'), schema)
  return parsed.kind === 'wrong' ? parsed.mistakes.map(formatMistake) : []
}

test('a right file gives its value', () => {
  expect(parseYaml('f.yaml', 'name: x\nlimits: { day: 3 }\n', schema)).toEqual({
    kind: 'ok',
    value: { name: 'x', limits: { day: 3 }, parts: [] },
  })
})

test('every mistake is shown where it stands, from top to bottom, with what was expected', () => {
  expect(
    mistakesIn(
      'nmae: x',
      'limits:',
      '  day: none',
      '  week: 3',
      'parts:',
      '  - id: a',
      '  - { id: 7, size: 1 }',
    ),
  ).toEqual([
    'f.yaml:1:1: name: missing; expected string',
    'f.yaml:1:1: nmae: unknown field',
    'f.yaml:3:8: limits.day: expected number, received string',
    'f.yaml:4:3: limits.week: unknown field',
    'f.yaml:6:5: parts[0].size: missing; expected number',
    'f.yaml:7:11: parts[1].id: expected string, received number',
  ])
})

test('a repeated key is a mistake beside all others', () => {
  expect(mistakesIn('name: x', 'name: y', 'other: 1')).toEqual([
    'f.yaml:2:1: Map keys must be unique',
    'f.yaml:3:1: other: unknown field',
  ])
})

test('broken YAML is told at its line, and nothing is guessed about the rest', () => {
  const mistakes = mistakesIn('name: "x', 'limits: {')
  expect(mistakes.length).toBeGreaterThan(0)
  for (const mistake of mistakes) expect(mistake).toMatch(/^f\.yaml:[12]:\d+: /)
})

test('an empty file, a second document, an unknown tag and a bomb of aliases are mistakes', () => {
  expect(mistakesIn('')).toHaveLength(1)
  expect(mistakesIn('name: x', '---', 'name: y').length).toBeGreaterThan(0)
  expect(mistakesIn('name: !secret x').length).toBeGreaterThan(0)
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
    'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
    'd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]',
  ]
  expect(mistakesIn(...bomb)[0]).toContain('f.yaml:1:1')
})

test('a mistake can be placed at a value, at its key, and inside a text', () => {
  const yaml = readYaml('f', 'a:\n  b: "one two"\n')
  expect(yaml.mistakeAt(['a', 'b'], 'm')).toMatchObject({ line: 2, column: 6 })
  expect(yaml.mistakeAtKey(['a', 'b'], 'm')).toMatchObject({ line: 2, column: 3 })
  expect(yaml.mistakeInside(['a', 'b'], 4, 'm')).toMatchObject({ line: 2, column: 11 })
  expect(yaml.mistakeAt(['a', 'c', 'd'], 'm')).toMatchObject({ line: 2, column: 3 })
})

test('paths read as people write them', () => {
  expect(pathText(['rules', 3, 'scope', 'channels', 0])).toBe('rules[3].scope.channels[0]')
})
