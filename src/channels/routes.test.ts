import { expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import { seededDice } from '../platform/virtual.ts'
import { type RouteFacts, routeFor, routesSchema, unsupportedBy } from './routes.ts'

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

const useOf = (asked: RouteFacts) => routeFor(routes, asked)?.use ?? []

test('the first route that matches every field is taken, in its order', () => {
  expect(useOf(facts())).toEqual(['cheap', 'dear'])
  expect(useOf(facts({ country: 'FR' }))).toEqual(['cheap', 'dear'])
  expect(useOf(facts({ country: 'US' }))).toEqual(['dear'])
  expect(useOf(facts({ channel: 'voice' }))).toEqual(['caller'])
})

test('a carrier matches by name, and an unknown carrier matches no route that asks for one', () => {
  expect(useOf(facts({ carrier: 'Example Mobile' }))).toEqual(['direct'])
  expect(useOf(facts({ carrier: 'Other' }))).toEqual(['cheap', 'dear'])
})

test('a route may be for some kinds of message; what tells none is a code', () => {
  const { routes: byKind } = routesSchema.parse({
    providers: {},
    routes: [
      { match: { kind: ['notice', 'bulk'], country: 'GB' }, use: ['news'] },
      { match: {}, use: ['codes'] },
    ],
  })
  const kinds = ['otp', 'notice', 'bulk', undefined] as const
  const used = kinds.map((kind) => routeFor(byKind, facts({ kind }))?.use)
  expect(used).toEqual([['codes'], ['news'], ['news'], ['codes']])
})

test('where no route matches there is no plan', () => {
  const other = newId('VA', { nowMs: () => 2, randomBytes: seededDice(2).bytes })
  expect(useOf(facts({ channel: 'voice', serviceId: other }))).toEqual([])
})

test('a provider is left out of what it does not take, and the reason is told', () => {
  const entry = {
    countries: ['GB', 'FR'],
    not_countries: ['FR'],
    senders: ['number'],
    locales: ['en'],
  } as const
  const fitting = facts({ sender: '+447700900000', locale: 'en-GB' })
  expect(unsupportedBy(entry, fitting)).toBeUndefined()
  expect(unsupportedBy(entry, { ...fitting, country: 'FR' })).toBe('country')
  expect(unsupportedBy(entry, { ...fitting, country: 'US' })).toBe('country')
  expect(unsupportedBy(entry, { ...fitting, sender: 'ACME' })).toBe('sender')
  expect(unsupportedBy(entry, { ...fitting, sender: undefined })).toBe('sender')
  expect(unsupportedBy(entry, { ...fitting, locale: 'de' })).toBe('locale')
  expect(unsupportedBy({}, facts())).toBeUndefined()
})
