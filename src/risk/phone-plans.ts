import type { NumberType } from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'

/** What libphonenumber would say of a number that is valid and written without a trunk prefix. */
export type PlannedNumber = {
  readonly country: string
  readonly callingCode: string
  readonly type: Exclude<NumberType, undefined>
}

/** Matches one kind of number; lengths are looked at first, as they rule out most kinds at once. */
type Kind = { readonly lengths: readonly number[]; readonly pattern: RegExp | undefined }

/** A country's numbering plan with its patterns compiled. */
type Plan = {
  readonly valid: RegExp
  readonly leading: RegExp | undefined
  readonly fixedLine: Kind | undefined
  readonly mobile: Kind | undefined
  /** `mobile` and what is asked after it, in libphonenumber's order. */
  readonly others: readonly (Kind & { readonly type: PlannedNumber['type'] })[]
}

/** The plans that share a calling code, the main country first. */
type Zone = {
  readonly callingCode: string
  /** What may stand before the national number: whatever starts like this is left to the library. */
  readonly trunk: RegExp | undefined
  readonly countries: readonly string[]
}

/** Places in a country's row and of its types, as libphonenumber-js documents them in METADATA.md for format 4. */
const ROW = { valid: 2, lengths: 3, trunkPrefix: 5, trunk: 7, leading: 10, types: 11 } as const
const TYPE_ROW = { fixedLine: 0, mobile: 1 } as const
const OTHER_TYPES = [
  ['MOBILE', 1],
  ['PREMIUM_RATE', 3],
  ['TOLL_FREE', 2],
  ['SHARED_COST', 9],
  ['VOIP', 8],
  ['PERSONAL_NUMBER', 4],
  ['PAGER', 7],
  ['UAN', 6],
  ['VOICEMAIL', 5],
] as const satisfies readonly (readonly [PlannedNumber['type'], number])[]

type Row = readonly unknown[]
const ROWS = metadata.countries as unknown as Readonly<Record<string, Row>>
const CALLING_CODES = metadata.country_calling_codes as Readonly<Record<string, readonly string[]>>

const CALLING_CODE_DIGITS_MAX = 3

/** Compiled when first asked for, one entry a country: most processes never see most plans. */
const zones = new Map<string, Zone>()
const plans = new Map<string, Plan>()

/**
 * Reads `+` and digits by libphonenumber's own patterns, which the library itself compiles anew at each call. Answers only where
 * the library's long way could have no other end: a geographic number, no trunk prefix, of a known type. Undefined means
 * that the library has to be asked.
 */
export function plannedNumber(text: string): PlannedNumber | undefined {
  const zone = zoneOf(text)
  if (zone === undefined) return undefined
  const national = text.slice(zone.callingCode.length + 1)
  if (zone.trunk?.test(national) === true) return undefined
  const country = countryIn(zone, national)
  const type = country === undefined ? undefined : typeIn(planOf(country), national)
  if (country === undefined || type === undefined) return undefined
  return { country, callingCode: zone.callingCode, type }
}

/** No calling code begins with another one, so the first that fits is the one. */
function zoneOf(text: string): Zone | undefined {
  for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits += 1) {
    const callingCode = text.slice(1, digits + 1)
    const known = zones.get(callingCode)
    if (known !== undefined) return known
    const countries = CALLING_CODES[callingCode]
    if (countries !== undefined)
      return remember(zones, callingCode, zoneWith(callingCode, countries))
  }
  return undefined
}

function countryIn({ countries }: Zone, national: string): string | undefined {
  if (countries.length === 1) return countries[0]
  return countries.find((country) => {
    const plan = planOf(country)
    return plan.leading?.test(national) ?? typeIn(plan, national) !== undefined
  })
}

function typeIn(plan: Plan, national: string): PlannedNumber['type'] | undefined {
  if (!plan.valid.test(national)) return undefined
  if (matches(plan.fixedLine, national)) {
    // A plan whose mobile numbers look like its fixed lines has no pattern of its own for them.
    const alike = plan.mobile?.pattern === undefined
    return alike || matches(plan.mobile, national) ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE'
  }
  for (const kind of plan.others) if (matches(kind, national)) return kind.type
  return undefined
}

function matches(kind: Kind | undefined, national: string): boolean {
  if (kind?.pattern === undefined) return false
  return kind.lengths.includes(national.length) && kind.pattern.test(national)
}

function planOf(country: string): Plan {
  return plans.get(country) ?? remember(plans, country, compilePlan(ROWS[country] ?? []))
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  known.set(key, value)
  return value
}

function zoneWith(callingCode: string, countries: readonly string[]): Zone {
  const main = ROWS[countries[0] ?? ''] ?? []
  const trunk = main[ROW.trunk] || main[ROW.trunkPrefix]
  return {
    callingCode,
    trunk: trunk ? new RegExp(`^(?:${trunk})`) : undefined,
    countries,
  }
}

function compilePlan(row: Row): Plan {
  const types = (row[ROW.types] || []) as readonly unknown[]
  const kindAt = (place: number): Kind | undefined => compileKind(types[place], row)
  return {
    valid: entirely(row[ROW.valid]),
    leading: row[ROW.leading] ? new RegExp(`^(?:${row[ROW.leading]})`) : undefined,
    fixedLine: kindAt(TYPE_ROW.fixedLine),
    mobile: kindAt(TYPE_ROW.mobile),
    others: OTHER_TYPES.flatMap(([type, place]) => {
      const kind = kindAt(place)
      return kind?.pattern === undefined ? [] : [{ type, ...kind }]
    }),
  }
}

function compileKind(type: unknown, row: Row): Kind | undefined {
  if (!Array.isArray(type)) return undefined
  return {
    lengths: (type[1] || row[ROW.lengths]) as readonly number[],
    pattern: type[0] ? entirely(type[0]) : undefined,
  }
}

const entirely = (pattern: unknown): RegExp => new RegExp(`^(?:${pattern})$`)
