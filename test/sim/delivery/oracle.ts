import type { FakeProvider } from './fake-provider.ts'
import type { Mode } from './weather.ts'

/** A liar about receipts delivers all the same, and whoever sees everything knows it. */
const DELIVERS: ReadonlySet<Mode> = new Set(['fine', 'slandering'])

/** What somebody who sees every provider's state would do with a message now: take the cheapest of those that work there. */
export function oracleChoice(
  fakes: readonly FakeProvider[],
  country: string,
): { readonly share: number; readonly costMicros: number | undefined } {
  const working = fakes
    .filter((fake) => DELIVERS.has(fake.modeIn(country)))
    .map(({ spec }) => ({
      share: spec.deliveryShare,
      costMicros: spec.costMicros[country] ?? 0,
    }))
    .sort((one, other) => one.costMicros - other.costMicros)
  return working[0] ?? { share: 0, costMicros: undefined }
}
