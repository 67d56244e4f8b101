import * as z from 'zod'
import type { ListEntryId } from '../domain/ids.ts'
import { type Cidr, cidrOf, parseCidr, parseIp } from '../domain/ip.ts'
import { LIST_VALUE_SHAPES, parseAsn, parseListValue } from '../risk/list-value.ts'
import { LIST_KINDS, LIST_NAMES, type ListEntry, type ListName } from '../risk/lists.ts'
import {
  NETWORK_KINDS,
  type NetworkKind,
  type NetworkList,
  type NetworkLists,
} from '../risk/network-kinds.ts'
import type { Mistake } from './mistake.ts'
import type { PlacedData, RulesFiles } from './placed-data.ts'

/** What the operator's `lists` folder says. Nothing of it may be used while there are mistakes. */
export type ListsFolder = {
  readonly entries: readonly ListEntry[]
  readonly networks: NetworkLists
  readonly mistakes: readonly Mistake[]
}

const NETWORK_FILE = /^networks\/([a-z]+)(?:-[a-z0-9-]+)?\.txt$/

/**
 * Judges all files of the folder at once, by path under it, e.g. `allow.yaml`, `networks/hosting.txt`, `networks/tor-exits.txt`.
 * A file whose name stands for no list is a mistake, so that a misspelt list is never quietly empty. `folder` only goes into mistakes.
 */
export function parseListsFolder(content: RulesFiles, folder = 'lists'): ListsFolder {
  const files = [...content].map(([path, each]) => readOne(path, each, `${folder}/${path}`))
  const networks = Object.fromEntries(
    NETWORK_KINDS.map((kind) => {
      const lists = files.filter((file) => file.kind === kind)
      const asns = lists.flatMap((list) => list.asns)
      return [kind, { asns, cidrs: lists.flatMap((list) => list.cidrs) }]
    }),
  )
  return {
    entries: files.flatMap((file) => file.entries),
    networks,
    mistakes: files.flatMap((file) => file.mistakes),
  }
}

type OneFile = NetworkList & {
  readonly kind?: NetworkKind
  readonly entries: readonly ListEntry[]
  readonly mistakes: readonly Mistake[]
}

function readOne(path: string, content: PlacedData | string, file: string): OneFile {
  const nothing = { entries: [], asns: [], cidrs: [], mistakes: [] }
  const list = LIST_NAMES.find((name) => path === `${name}.yaml`)
  if (list !== undefined && typeof content !== 'string')
    return { ...nothing, ...parseLists(content, list) }
  const kind = NETWORK_KINDS.find((name) => name === NETWORK_FILE.exec(path)?.[1])
  if (kind !== undefined && typeof content === 'string')
    return { ...nothing, kind, ...parseNetworkList(file, content) }
  return { ...nothing, mistakes: [{ file, line: 1, column: 1, message: UNKNOWN_FILE }] }
}

const UNKNOWN_FILE = `no list has this name; expected ${LIST_NAMES.map((name) => `${name}.yaml`).join(', ')} or networks/{${NETWORK_KINDS.join(',')}}*.txt`

const entrySchema = z.strictObject({
  kind: z.enum(LIST_KINDS),
  value: z.union([z.string().max(200), z.int()]),
  note: z.string().max(500).optional(),
  expires: z.string().optional(),
})
const fileSchema = z.strictObject({ entries: z.array(z.unknown()).max(200_000).nullable() })

/** `allow.yaml` or `block.yaml`: `entries`, each with `kind`, `value` and perhaps `note` and `expires`. */
export function parseLists(
  yaml: PlacedData,
  list: ListName,
): { readonly entries: readonly ListEntry[]; readonly mistakes: readonly Mistake[] } {
  if (yaml.mistakes.length > 0) return { entries: [], mistakes: yaml.mistakes }
  const parsed = fileSchema.safeParse(yaml.value)
  if (!parsed.success) return { entries: [], mistakes: shapeMistakes(yaml, parsed.error, []) }
  const results = (parsed.data.entries ?? []).map((raw, index) => parseEntry(yaml, raw, index))
  const mistakes = results.flatMap((result) => ('mistakes' in result ? result.mistakes : []))
  const facts = results.flatMap((result) => ('mistakes' in result ? [] : [result]))
  return { entries: facts.map((fact, index) => toEntry(fact, list, index)), mistakes }
}

type EntryFacts = Pick<ListEntry, 'kind' | 'value' | 'note' | 'expiresAtMs'>

function parseEntry(
  yaml: PlacedData,
  raw: unknown,
  index: number,
): EntryFacts | { readonly mistakes: readonly Mistake[] } {
  const at = ['entries', index]
  const parsed = entrySchema.safeParse(raw)
  if (!parsed.success) return { mistakes: shapeMistakes(yaml, parsed.error, at) }
  const { kind, note, expires } = parsed.data
  const value = parseListValue(kind, String(parsed.data.value))
  const expiresAtMs = expires === undefined ? undefined : parseTime(expires)
  const mistakes: Mistake[] = []
  if (value === undefined) {
    // YAML reads an unquoted +447… as a number and drops its plus sign.
    const quotes = typeof parsed.data.value === 'number' ? ', in quotes' : ''
    mistakes.push(yaml.mistakeAt([...at, 'value'], `expected ${LIST_VALUE_SHAPES[kind]}${quotes}`))
  }
  if (expires !== undefined && expiresAtMs === undefined) {
    mistakes.push(yaml.mistakeAt([...at, 'expires'], `expected ${TIME_SHAPE}`))
  }
  return value === undefined || mistakes.length > 0
    ? { mistakes }
    : { kind, value, note, expiresAtMs }
}

const TIME_SHAPE = 'a day such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z'

/** A day ends when its UTC midnight comes. */
function parseTime(text: string): number | undefined {
  const isDay = z.iso.date().safeParse(text).success
  if (!isDay && !z.iso.datetime({ offset: true }).safeParse(text).success) return undefined
  return Date.parse(text) + (isDay ? 86_400_000 : 0)
}

/** Ids need only be unique and stay the same while the file does, since nobody removes such an entry but in the file. */
const toEntry = (facts: EntryFacts, list: ListName, index: number): ListEntry => ({
  ...facts,
  id: `LI${list === 'allow' ? '0' : '1'}${index.toString(16).padStart(31, '0')}` as ListEntryId,
  accountId: undefined,
  list,
  author: 'operator',
  createdAtMs: 0,
})

function shapeMistakes(yaml: PlacedData, error: z.ZodError, under: (string | number)[]): Mistake[] {
  return error.issues.flatMap((issue) => {
    const path = [
      ...under,
      ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    ]
    if (issue.code !== 'unrecognized_keys') return [yaml.mistakeAt(path, issue.message)]
    return issue.keys.map((key) => yaml.mistakeAtKey([...path, key], `unknown field "${key}"`))
  })
}

/** One ASN (`AS64500`), address or network a line; `#` starts a comment. */
export function parseNetworkList(
  file: string,
  text: string,
): NetworkList & { readonly mistakes: readonly Mistake[] } {
  const asns: number[] = []
  const cidrs: Cidr[] = []
  const mistakes: Mistake[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const item = line.replace(/#.*/, '').trim()
    const asn = parseAsn(item)
    const cidr = parseNetwork(item)
    if (asn !== undefined) asns.push(asn)
    else if (cidr !== undefined) cidrs.push(cidr)
    else if (item !== '') {
      const column = line.indexOf(item) + 1
      mistakes.push({ file, line: index + 1, column, message: NETWORK_SHAPE })
    }
  }
  return { asns, cidrs, mistakes }
}

/** A lone address is a network of one. */
function parseNetwork(text: string): Cidr | undefined {
  const ip = parseIp(text)
  return ip === undefined ? parseCidr(text) : cidrOf(ip, ip.version === 4 ? 32 : 128)
}

const NETWORK_SHAPE =
  'expected an autonomous system such as AS64500, an address or a network such as 192.0.2.0/24'
