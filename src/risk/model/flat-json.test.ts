import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CATALOGUE_ID, MODEL_FEATURES } from '../feature-catalogue.ts'
import { compileForest } from './compile-forest.ts'
import { meanShare } from './flat-forest.ts'
import { fromFlatJson, toFlatJson } from './flat-json.ts'
import { readModel } from './model.ts'
import { ModelRefused } from './refusals.ts'
import { seededRandom } from './seeded-random.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../../models/${name}`, import.meta.url), 'utf8')
const whole = JSON.parse(read('forest.json')) as { forest: unknown; features: string[] }
const forest = compileForest(whole.forest, whole.features.length)

test('a forest that was written flat is walked the same way and gives the same shares', () => {
  const back = fromFlatJson(JSON.parse(JSON.stringify(toFlatJson(forest))), whole.features.length)
  expect({ ...back, value: [] }).toEqual({ ...forest, value: [] })
  const { unit } = seededRandom(7)
  for (let row = 0; row < 500; row++) {
    const vector = Float64Array.from(whole.features, () => Math.round(unit() * 40) / 4 - 1)
    expect(meanShare(back, vector)).toBe(meanShare(forest, vector))
  }
})

test("the edge's model is the model of this folder", () => {
  const expected = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }
  const edge = readModel(read('forest.edge.json'), expected)
  expect(edge.version).toBe(readModel(read('forest.json'), expected).version)
  expect(toFlatJson(edge.forest)).toEqual(toFlatJson(forest))
})

test('the edge scores as the whole model does, and explains a score all but alike', () => {
  const expected = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }
  const edge = readModel(read('forest.edge.json'), expected)
  const model = readModel(read('forest.json'), expected)
  const { unit } = seededRandom(8)
  for (let row = 0; row < 500; row++) {
    const vector = Float64Array.from(MODEL_FEATURES, () => Math.round(unit() * 40) / 4 - 1)
    const [there, here] = [edge.explain(vector), model.explain(vector)]
    expect(there.score).toBe(here.score)
    const apart = here.contributions.map((part, at) =>
      Math.abs(part - (there.contributions[at] ?? Number.NaN)),
    )
    expect(Math.max(...apart)).toBeLessThan(0.003)
  }
})

test.each([
  ['no tree', { roots: [] }],
  ['a tree that is cut short', { feature: [0, -1] }],
  ['nodes that no split leads to', { feature: [0, -1, -1, -1] }],
  ['a feature that does not exist', { feature: [5, -1, -1] }],
  ['a threshold too few', { threshold: [] }],
  ['a share above one', { value: [0, 0, 2] }],
])('a flat forest with %s is refused', (_, change) => {
  const tree = { kind: 'flat', roots: [0], feature: [0, -1, -1], threshold: [1], value: [0, 0, 1] }
  expect(fromFlatJson(tree, 2).left).toEqual(Int32Array.of(1, 0, 0))
  expect(() => fromFlatJson({ ...tree, ...change }, 2)).toThrow(ModelRefused)
})
