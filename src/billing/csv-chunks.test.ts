import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CsvFile, readCsv, writeCsv } from './csv.ts'
import { readCsvChunks } from './csv-chunks.ts'

async function readInPieces(text: string, lengths: readonly number[]): Promise<CsvFile> {
  async function* pieces() {
    let at = 0
    for (const length of [...lengths, text.length]) {
      yield text.slice(at, at + length)
      at += length
    }
  }
  const rows: CsvFile['rows'][number][] = []
  const mistakes: CsvFile['mistakes'][number][] = []
  for await (const part of readCsvChunks(pieces())) {
    rows.push(...part.rows)
    mistakes.push(...part.mistakes)
  }
  return { rows, mistakes }
}

test('a file reads the same wherever it is cut, places included', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' '), maxLength: 6 })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), {
    minLength: 1,
    maxLength: 8,
  })
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(table, cuts, async (rows, lengths) => {
      const text = writeCsv(['h', 'i'], rows)
      expect(await readInPieces(text, lengths)).toEqual(readCsv(text))
    }),
  )
})

test('what is wrong is told at its line of the whole file', async () => {
  const text = 'a,b\n1,"x\ny"\n2,z"z\n3,q\n'
  expect((await readInPieces(text, [5, 6, 7])).mistakes).toEqual([
    expect.objectContaining({ line: 4, column: 3 }),
  ])
})

test('a quote that nobody closes is a mistake before the file has filled the memory', async () => {
  let given = 0
  async function* endless() {
    yield 'a,b\n1,"'
    while (given < 100_000_000) {
      given += 65_536
      yield 'x,y\n'.repeat(16_384)
    }
  }
  const mistakes = []
  for await (const part of readCsvChunks(endless())) mistakes.push(...part.mistakes)
  expect(mistakes).toEqual([{ line: 2, column: 1, message: 'never ends' }])
  expect(given).toBeLessThan(2_000_000)
})
