import { expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import { seededDice } from '../platform/virtual.ts'
import { type RouteFacts, routeFor, routesSchema } from './routes.ts'

const serviceId = newId('VA', { nowMs: () => 1, randomBytes: seededDice(1).bytes })
const facts = (change: Partial<RouteFacts> = {}): RouteFacts => ({
  channel: 'sms',
  country: 'GB',
  carrier: undefined,
  serviceId,
  ...change,
})

const { routes } = routesSchema.parse({
  providers: {},
  routes: [
    { match: { carrier: 'Example Mobile', country: 'GB' }, use: ['direct'] },
    { match: { channel: 'sms', country: ['GB', 'FR'] }, use: ['cheap', 'dear'] },
    { match: { service: serviceId, channel: ['voice'] }, use: ['caller'] },
    { match: { channel: 'sms' }, use: ['dear'] },
  ],
})

test('the first route that matches every field is taken, in its order', () => {
  expect(routeFor(routes, facts())).toEqual(['cheap', 'dear'])
  expect(routeFor(routes, facts({ country: 'FR' }))).toEqual(['cheap', 'dear'])
  expect(routeFor(routes, facts({ country: 'US' }))).toEqual(['dear'])
  expect(routeFor(routes, facts({ channel: 'voice' }))).toEqual(['caller'])
})

test('a carrier matches by name, and an unknown carrier matches no route that asks for one', () => {
  expect(routeFor(routes, facts({ carrier: 'Example Mobile' }))).toEqual(['direct'])
  expect(routeFor(routes, facts({ carrier: 'Other' }))).toEqual(['cheap', 'dear'])
})

test('where no route matches there is no plan', () => {
  const other = newId('VA', { nowMs: () => 2, randomBytes: seededDice(2).bytes })
  expect(routeFor(routes, facts({ channel: 'voice', serviceId: other }))).toEqual([])
})
