import { type Breakers, createBreakers } from './breakers.ts'
import { createPaces, type Paces } from './provider-paces.ts'
import { createRouteHealth, type RouteHealth } from './route-health.ts'

/** What outlives a reading of the routes file. */
export type RouterMemory = {
  readonly breakers: Breakers
  readonly health: RouteHealth
  readonly paces: Paces
}

export const createRouterMemory = (): RouterMemory => ({
  breakers: createBreakers(),
  health: createRouteHealth(),
  paces: createPaces(),
})
