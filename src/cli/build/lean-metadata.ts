import type { MetadataJson } from 'libphonenumber-js/core'

/** Where a country's row has its number formats, as libphonenumber-js documents in METADATA.md for format 4. */
const FORMATS = 4

type Row = readonly unknown[]

/**
 * libphonenumber's metadata without the ways in which numbers are printed, which nothing here prints: a quarter of it once
 * compressed. What numbers are valid and of which kind stays.
 */
export function withoutFormats(metadata: MetadataJson): MetadataJson {
  const { countries, nonGeographic } = metadata as unknown as Readonly<
    Record<'countries' | 'nonGeographic', Readonly<Record<string, Row>>>
  >
  return {
    ...metadata,
    countries: withoutColumn(countries),
    nonGeographic: withoutColumn(nonGeographic),
  } as unknown as MetadataJson
}

const withoutColumn = (rows: Readonly<Record<string, Row>>): Readonly<Record<string, Row>> =>
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.with(FORMATS, 0)]))
