import { assert } from '../domain/assert.ts'
import { FEATURE_READERS, FEATURES, type FeatureReader, type Sight } from './feature-catalogue.ts'
import type { FeatureType, FeatureValue } from './feature-facts.ts'

/** A group of features, e.g. `range3`, behind getters: a request pays only for the fields that its rules ask for. */
export type GroupView = {
  readonly name: string
  readonly fields: Readonly<Record<string, FeatureType>>
  readonly View: new (sight: Sight) => object
}

type Place = {
  readonly group: string
  readonly field: string
  readonly type: FeatureType
  readonly unknown: FeatureValue
  readonly read: FeatureReader
}

function makeView(places: readonly Place[]): GroupView['View'] {
  class View {
    readonly sight: Sight
    constructor(sight: Sight) {
      this.sight = sight
    }
  }
  for (const { field, read, unknown } of places)
    Object.defineProperty(View.prototype, field, {
      get(this: View): FeatureValue {
        return read(this.sight) ?? unknown
      },
    })
  return View
}

function placeOf(index: number): Place {
  const feature = FEATURES[index]
  const read = FEATURE_READERS[index]
  assert(feature !== undefined && read !== undefined, 'every feature has a reader')
  const [group = '', field = ''] = feature.name.split('.')
  return { group, field, type: feature.type, unknown: feature.unknown, read }
}

function groupViews(): readonly GroupView[] {
  const places = FEATURES.map((_, index) => placeOf(index))
  return [...new Set(places.map((place) => place.group))].map((name) => {
    const own = places.filter((place) => place.group === name)
    const fields = Object.fromEntries(own.map((place) => [place.field, place.type]))
    return { name, fields, View: makeView(own) }
  })
}

/** Every group of the catalogue, in its order. */
export const GROUP_VIEWS: readonly GroupView[] = groupViews()
