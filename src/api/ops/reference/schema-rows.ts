import { nameIn, type Schema } from './document.ts'

/** One line of a schema's table: a member at any depth, by its path from the top. */
export type SchemaRow = {
  /** `errors[].pointer`; empty for a schema that has no members. */
  readonly path: string
  readonly required: boolean
  readonly schema: Schema
}

/** The members of a schema in order, those of nested objects behind the object they are in. Named schemas are not entered: they have tables of their own. */
export function schemaRows(schema: Schema): readonly SchemaRow[] {
  const members = membersOf(schema, '')
  return members.length > 0 ? members : [{ path: '', required: true, schema }]
}

function membersOf(schema: Schema, prefix: string): readonly SchemaRow[] {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [{ path, required: required.has(name), schema: member }, ...within(member, path)]
  })
}

function within(schema: Schema, path: string): readonly SchemaRow[] {
  if (schema.items !== undefined) return within(schema.items, `${path}[]`)
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (choices.length > 0) return choices.flatMap((choice) => within(choice, path))
  return membersOf(schema, path)
}

/** A type as words and names of schemas: `['Price', '[]']`. */
export type TypePart = { readonly text: string } | { readonly named: string }

/** What kind of value it is, as a reader would say it. */
export function typeParts(schema: Schema): readonly TypePart[] {
  if (schema.$ref !== undefined) return [{ named: nameIn(schema.$ref) }]
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }]
  if (schema.enum !== undefined) return [{ text: schema.enum.map(asJson).join(' | ') }]
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.flatMap(joined)
  if (schema.items !== undefined) return [...typeParts(schema.items), { text: '[]' }]
  if (isMap(schema))
    return [{ text: 'map of ' }, ...typeParts(schema.additionalProperties as Schema)]
  return [{ text: schema.format ?? [schema.type ?? 'anything'].flat().join(' | ') }]
}

const asJson = (value: unknown): string => JSON.stringify(value)

const joined = (choice: Schema, index: number): readonly TypePart[] =>
  index === 0 ? typeParts(choice) : [{ text: ' | ' }, ...typeParts(choice)]

const isMap = ({ properties, additionalProperties }: Schema): boolean =>
  properties === undefined && typeof additionalProperties === 'object'

/** How long, how many or how much; undefined where only the machine's own bounds hold. */
export function limitsOf(schema: Schema): string | undefined {
  const limits = [
    span(schema.minLength, schema.maxLength, 'characters'),
    span(schema.minItems, schema.maxItems, 'items'),
    span(real(schema.minimum), real(schema.maximum), ''),
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((limit) => limit !== undefined)
  return limits.length > 0 ? limits.join(', ') : undefined
}

/** A bound that every safe integer keeps tells a reader nothing. */
const real = (bound: number | undefined): number | undefined =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined

function span(least: number | undefined, most: number | undefined, unit: string) {
  const amount = spanOf(least, most)
  return amount === undefined ? undefined : `${amount} ${unit}`.trim()
}

function spanOf(least: number | undefined, most: number | undefined): string | undefined {
  if (least === undefined) return most === undefined ? undefined : `at most ${most}`
  if (most === undefined) return `at least ${least}`
  return least === most ? `${least}` : `${least} to ${most}`
}
