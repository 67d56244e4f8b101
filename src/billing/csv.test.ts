import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv, readCsvTable, writeCsv } from './csv.ts'

const textsOf = (text: string) => readCsv(text).rows.map((row) => row.map((cell) => cell.text))

test('cells may be quoted, hold commas, quotes and line breaks, and end in either way', () => {
  expect(textsOf('a,b\r\n"x, ""y""","two\nlines"\n')).toEqual([
    ['a', 'b'],
    ['x, "y"', 'two\nlines'],
  ])
  expect(textsOf('\uFEFFa,b,\n')).toEqual([['a', 'b', '']])
})

test('empty lines are no rows', () => {
  expect(textsOf('a,b\n\n,\n1,2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
  expect(textsOf('')).toEqual([])
})

test('every cell knows its line and column, also after a cell of several lines', () => {
  const [, row, next] = readCsv('a,b\n"x\ny",z\n1,2').rows
  expect(row?.map(({ line, column }) => [line, column])).toEqual([
    [2, 1],
    [3, 4],
  ])
  expect(next?.map(({ line, column }) => [line, column])).toEqual([
    [4, 1],
    [4, 3],
  ])
})

test.each([
  ['a,b\n1,"x" y', 2, 3, 'must end with a quote'],
  ['a,b\n1,"x', 2, 3, 'must end with a quote'],
  ['a\nx"y', 2, 1, 'must be quoted whole'],
])('%j is not CSV, and it is told where', (text, line, column, message) => {
  const { mistakes } = readCsv(text)
  expect(mistakes).toEqual([{ line, column, message: expect.stringContaining(message) }])
})

test('a table has the columns that are asked for, once each, and rows of one width', () => {
  const columns = { required: ['a', 'b'], optional: ['c'] }
  const mistakesOf = (text: string) =>
    readCsvTable(text, columns).mistakes.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    )
  expect(mistakesOf('a,d,a\n')).toEqual([
    '1:3 unknown column; expected a, b, c',
    '1:5 a second a',
    '1:1 there is no column b',
  ])
  expect(mistakesOf('a,b\n1\n1,2,3\n1,2\n')).toEqual([
    '2:1 a row has 2 cells, this one has 1',
    '3:5 a row has 2 cells, this one has 3',
  ])
  const [record] = readCsvTable('b,a\n1,2\n', columns).records
  expect(record?.values).toEqual({ a: '2', b: '1', c: '' })
  expect(record?.cellOf('a')).toEqual({ text: '2', line: 2, column: 3 })
})

test('what is written is read again as it was', () => {
  const cell = fc.stringMatching(/^[a-z",\r\n é]{1,6}$/)
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }),
    )
  void fc.assert(
    fc.property(table, ([header = [], ...rows]) => {
      expect(textsOf(writeCsv(header, rows))).toEqual([header, ...rows])
    }),
  )
})
