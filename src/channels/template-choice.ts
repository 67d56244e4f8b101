import * as z from 'zod'
import { CODE_TEMPLATE, CODE_VARIABLES, type MessageTemplate } from './provider.ts'

const TEMPLATES_MAX = 200
const CODE_WORDS: ReadonlySet<string> = new Set(CODE_VARIABLES)
const variable = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected one of our variables, such as code')

/** The vendor's variables with ours, by their names or in their order. */
type Ours = readonly string[] | Readonly<Record<string, string>>

/** A vendor's registered template and when to use it. `Id` is how that vendor names one. */
const entryOf = <Variables extends z.ZodType<Ours>>(variables: Variables) =>
  z
    .strictObject({
      id: z.string().regex(/^[\x21-\x7e]{1,200}$/, "expected the vendor's name for it"),
      /** Our template's name; that of codes where absent. */
      name: z.string().min(1).max(64).optional(),
      /** A language (`zh`) takes all its regions, `zh-TW` only itself; any where absent. */
      locale: z
        .string()
        .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language tag such as zh or zh-TW')
        .optional(),
      variables,
    })
    .refine(isTold, {
      path: ['variables'],
      error: `a code has ${CODE_VARIABLES.join(', ')}`,
    })

/** What the variables of a service's own templates are is the service's affair. */
function isTold(entry: object): boolean {
  const { name = CODE_TEMPLATE, variables } = entry as Entry & { readonly variables: Ours }
  return name !== CODE_TEMPLATE || Object.values(variables).every((word) => CODE_WORDS.has(word))
}

const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z.array(entry).min(1, 'expected one or more').max(TEMPLATES_MAX)

/** `variables: { code: code, min: minutes }`: the vendor's names, each with ours. */
export const namedTemplates = listOf(entryOf(z.record(z.string().min(1).max(64), variable)))
/** `variables: [code, minutes]`: for vendors that count them. */
export const countedTemplates = listOf(entryOf(z.array(variable)))

export type NamedTemplate = z.infer<typeof namedTemplates>[number]
export type CountedTemplate = z.infer<typeof countedTemplates>[number]

type Entry = {
  readonly name?: string | undefined
  readonly locale?: string | undefined
  readonly variables?: Ours
}

/**
 * The first that fits by name and locale and whose variables are all there, the locale's own before its language's before any; undefined
 * when none does.
 */
export function templateFor<T extends Entry>(
  templates: readonly T[],
  { name, locale, variables }: MessageTemplate,
): T | undefined {
  const isWhole = ({ variables: wanted = [] }: T) =>
    Object.values(wanted).every((word) => Object.hasOwn(variables, word))
  const named = templates.filter((one) => (one.name ?? CODE_TEMPLATE) === name && isWhole(one))
  const wanted = locale.toLowerCase()
  const [language] = wanted.split('-')
  const ofLocale = (tag: string | undefined) =>
    named.find((one) => one.locale?.toLowerCase() === tag)
  return ofLocale(wanted) ?? ofLocale(language) ?? ofLocale(undefined)
}

/** The vendor's variables by its names. */
export const namedValues = (
  { variables }: NamedTemplate,
  template: MessageTemplate,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(variables).map(([theirs, ours]) => [theirs, template.variables[ours] ?? '']),
  )

export const countedValues = (
  { variables }: CountedTemplate,
  template: MessageTemplate,
): readonly string[] => variables.map((ours) => template.variables[ours] ?? '')
