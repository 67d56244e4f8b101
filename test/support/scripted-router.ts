import * as z from 'zod'
import { checkRoutes } from '../../src/channels/check-routes.ts'
import type { PaceStore } from '../../src/channels/pace-store.ts'
import { defineProvider, type Provider } from '../../src/channels/provider.ts'
import { type RegisteredKind, registerKind } from '../../src/channels/registered-kind.ts'
import { createRouter, type Router, type RouterParts } from '../../src/channels/router.ts'
import { createRouterMemory } from '../../src/channels/router-memory.ts'
import { assert } from '../../src/domain/assert.ts'
import { CHANNELS } from '../../src/domain/channel.ts'
import type { SendResult } from '../../src/domain/send.ts'

/** An upstream that does what a test says. */
export type Script = Pick<Provider, 'send' | 'query'> & Partial<Pick<Provider, 'channels'>>
export type Scripts = Readonly<Record<string, Script>>

export const acceptedAs = (providerMessageId: string | undefined): SendResult => ({
  kind: 'accepted',
  providerMessageId,
  segments: undefined,
  cost: undefined,
})

/** The real router over scripted providers. `routes` is what routes.yaml would say beside `kind`. */
export function scriptedRouter(
  scripts: Scripts,
  routes: { readonly [section: string]: unknown } = {},
  settings: Readonly<Record<string, object>> = {},
  paces?: PaceStore,
) {
  const names = Object.keys(scripts)
  const file = {
    providers: Object.fromEntries(
      names.map((name) => [name, { kind: 'scripted', ...settings[name] }]),
    ),
    routes: [{ match: {}, use: names }],
    ...routes,
  }
  const check = checkRoutes(file, {}, [scriptedKind(scripts)])
  assert(check.kind === 'good', `the routes are in order: ${JSON.stringify(check)}`)
  const { checked } = check
  return (hands: Pick<RouterParts, 'platform' | 'sandbox'>): Router =>
    createRouter({ checked, publicUrl: undefined, memory: createRouterMemory(paces), ...hands })
}

function scriptedKind(scripts: Scripts): RegisteredKind {
  const kind = defineProvider({
    kind: 'scripted',
    settings: z.strictObject({}),
    create: (id): Provider => {
      const script = scripts[id]
      assert(script !== undefined, 'a provider has its script')
      return { id, channels: CHANNELS, ...script }
    },
  })
  return registerKind(kind)
}
