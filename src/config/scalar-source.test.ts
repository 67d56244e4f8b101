import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isScalar, parseDocument, Scalar, stringify } from 'yaml'
import { sourceOffset } from './scalar-source.ts'

/** The source of the value of `a`, and what YAML reads there. */
function read(yaml: string) {
  const node = parseDocument(yaml).get('a', true)
  if (!isScalar(node) || !node.range) throw new Error('not a scalar')
  return { source: yaml.slice(node.range[0], node.range[1]), value: String(node.value) }
}

/** Where a word of the value stands in the source, by our reckoning. */
function found(yaml: string, word: string): string {
  const { source, value } = read(yaml)
  return source.slice(sourceOffset(source, value, value.indexOf(word))).slice(0, word.length)
}

test('a word is found in every style of scalar', () => {
  expect(found('a: one && two', 'two')).toBe('two')
  expect(found('a: one &&\n   two\n', 'two')).toBe('two')
  expect(found('a: "say \\"one\\" && \\u0074wo three"', 'three')).toBe('three')
  expect(found("a: 'it''s one && two'", 'two')).toBe('two')
  expect(found('a: |\n  one &&\n  two\n', 'two')).toBe('two')
  expect(found('a: |\n  one &&\n  two\n', 'one')).toBe('one')
  expect(found('a: >-\n    one &&\n    two ||\n\n    three\n', 'three')).toBe('three')
  expect(found('a: "one &&\\\n     two"', 'two')).toBe('two')
  expect(found('a: "one\\n && two"', 'two')).toBe('two')
})

test('every word of every text is found, however it was written', () => {
  const word = fc.stringMatching(/^[a-z"'\\#:é]{1,6}$/)
  const style = fc.constantFrom(
    Scalar.PLAIN,
    Scalar.QUOTE_DOUBLE,
    Scalar.QUOTE_SINGLE,
    Scalar.BLOCK_FOLDED,
    Scalar.BLOCK_LITERAL,
  )
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      style,
      (words, defaultStringType) => {
        const text = `${words.join(' ')} END`
        const yaml = stringify({ a: text }, { defaultStringType, lineWidth: 30 })
        expect(found(yaml, 'END')).toBe('END')
      },
    ),
    { numRuns: 1000 },
  )
})

test('an offset beyond the text stays inside the source', () => {
  const { source, value } = read('a: "x"')
  expect(sourceOffset(source, value, 99)).toBeLessThanOrEqual(source.length)
})
