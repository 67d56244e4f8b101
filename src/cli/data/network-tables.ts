import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOfCountry } from '../../risk/network-index.ts'
import { type Row, toQuadWords, toSteps, toWords } from './ranges.ts'
import type { SourcePackage } from './sources.ts'

/** Sections `asn4`, `asn6` and their values, from `start,end,asn,name` lines with addresses as whole numbers. */
export function asnTables(source: SourcePackage): Record<string, ArrayBufferView> {
  const v4 = toSteps(rowsOf(join(source.dir, 'asn-ipv4-num.csv'), Number))
  const v6 = toSteps(rowsOf(join(source.dir, 'asn-ipv6-num.csv'), Number))
  return {
    asn4: toWords(v4.starts),
    asn4_value: Uint32Array.from(v4.values),
    asn6: toQuadWords(v6.starts),
    asn6_value: Uint32Array.from(v6.values),
  }
}

/** Sections `country4`, `country6` and their values, from `start,end,country` lines. */
export function countryTables(source: SourcePackage): Record<string, ArrayBufferView> {
  const v4 = toSteps(rowsOf(join(source.dir, 'asn-country-ipv4-num.csv'), countryValue))
  const v6 = toSteps(rowsOf(join(source.dir, 'asn-country-ipv6-num.csv'), countryValue))
  return {
    country4: toWords(v4.starts),
    country4_value: Uint16Array.from(v4.values),
    country6: toQuadWords(v6.starts),
    country6_value: Uint16Array.from(v6.values),
  }
}

/** ZZ stands for unknown in the registries' own files. */
const countryValue = (text: string): number => (text === 'ZZ' ? 0 : (codeOfCountry(text) ?? 0))

function* rowsOf(file: string, toValue: (text: string) => number): Generator<Row> {
  const text = readFileSync(file, 'utf8')
  let at = 0
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    const [start = '', last = '', value = ''] = text.slice(at, end).trimEnd().split(',', 3)
    if (start !== '') yield { start: BigInt(start), end: BigInt(last), value: toValue(value) }
    at = end + 1
  }
}
