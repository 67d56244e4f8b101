import { FEATURES } from './feature-catalogue.ts'
import type { Feature, FeatureType, FeatureValue } from './feature-facts.ts'
import { type FeatureValues, valueAt } from './feature-values.ts'

/** A group of features, e.g. `range3`, behind getters: a request pays only for the fields that its rules ask for. */
export type GroupView = {
  readonly name: string
  readonly fields: Readonly<Record<string, FeatureType>>
  readonly View: new (read: FeatureValues) => object
}

type Place = Pick<Feature, 'type' | 'unknown'> & {
  readonly group: string
  readonly field: string
  readonly place: number
}

function makeView(places: readonly Place[]): GroupView['View'] {
  class View {
    readonly read: FeatureValues
    constructor(read: FeatureValues) {
      this.read = read
    }
  }
  for (const { field, place, unknown } of places)
    Object.defineProperty(View.prototype, field, {
      get(this: View): FeatureValue {
        return valueAt(this.read, place) ?? unknown
      },
    })
  return View
}

function placeOf({ name, type, unknown }: Feature, place: number): Place {
  const [group = '', field = ''] = name.split('.')
  return { group, field, place, type, unknown }
}

function groupViews(): readonly GroupView[] {
  const places = FEATURES.map(placeOf)
  return [...new Set(places.map(({ group }) => group))].map((name) => {
    const own = places.filter(({ group }) => group === name)
    const fields = Object.fromEntries(own.map(({ field, type }) => [field, type]))
    return { name, fields, View: makeView(own) }
  })
}

/** Every group of the catalogue, in its order. */
export const GROUP_VIEWS: readonly GroupView[] = groupViews()

/** Every group of one request, each an object of its own class, since conditions check the types of what they read. */
export function contextOf(read: FeatureValues): Readonly<Record<string, object>> {
  const context: Record<string, object> = {}
  for (const { name, View } of GROUP_VIEWS) context[name] = new View(read)
  return context
}
