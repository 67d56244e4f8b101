import { CATALOGUE_ID, FEATURES, MODEL_FEATURES } from '../risk/feature-catalogue.ts'
import type { Feature } from '../risk/feature-facts.ts'

const INTRODUCTION = `# Features

What rules and the model know of a request. This page is generated from the catalogue in \`src/risk\`; a test keeps the two equal.

A condition in \`rules/policy.yaml\` names a feature as \`group.field\`. Numbers are doubles; \`phone.asks_1h >= 5\` and \`phone.asks_1h * 2 > 9.5\` both work.
Where a value is not known a rule reads what stands under *unknown*, the model reads -1, and the decision record leaves the feature out.
Counts include the request that is being decided where they count requests, and never where they count sends.
`

/** The page docs/features.md. */
export function featureDocs(): string {
  const groups = [...new Set(FEATURES.map((feature) => groupOf(feature)))]
  const sections = groups.map((group) => section(group))
  const model = `The model reads the ${MODEL_FEATURES.length} features marked so, in this order. Catalogue \`${CATALOGUE_ID}\`.`
  return [INTRODUCTION, `${model}\n`, ...sections].join('\n')
}

const groupOf = ({ name }: Feature): string => name.slice(0, name.indexOf('.'))

function section(group: string): string {
  const rows = FEATURES.filter((feature) => groupOf(feature) === group).map(row)
  return [
    `## ${group}`,
    '',
    '| feature | type | unit | unknown | model | meaning |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

const row = ({ name, type, unit, unknown, model, doc }: Feature): string =>
  `| \`${name}\` | ${type} | ${unit} | ${JSON.stringify(unknown)} | ${model ? 'yes' : ''} | ${doc} |`
