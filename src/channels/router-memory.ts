import { type Breakers, createBreakers } from './breakers.ts'
import type { PaceStore } from './pace-store.ts'
import { createPaces, type Paces } from './provider-paces.ts'
import { newReading, type Reading } from './reading.ts'
import { createRouteHealth, type RouteHealth } from './route-health.ts'
import { createTurns, type Turns } from './turns.ts'

/** What outlives a reading of the routes file. */
export type RouterMemory = {
  readonly breakers: Breakers
  readonly health: RouteHealth
  readonly paces: Paces
  readonly reading: Reading
  readonly turns: Turns
}

/** `paceStore` where several processes share one database; else the rates are those of this process. */
export function createRouterMemory(paceStore?: PaceStore): RouterMemory {
  const paces = createPaces()
  return {
    breakers: createBreakers(),
    health: createRouteHealth(),
    paces,
    reading: newReading(),
    turns: createTurns(paces, paceStore),
  }
}
