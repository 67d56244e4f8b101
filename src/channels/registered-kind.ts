import type * as z from 'zod'
import type { Provider, ProviderDeps, ProviderKind } from './provider.ts'

export type CreateProvider = (id: string, deps: ProviderDeps) => Provider

/** A kind whose settings type only it knows: settings go in unread and come out as a maker, or as what is wrong with them. */
export type RegisteredKind = {
  readonly kind: string
  readonly prepare: (settings: unknown) => CreateProvider | readonly z.core.$ZodIssue[]
}

export function registerKind<Settings>(kind: ProviderKind<Settings>): RegisteredKind {
  return {
    kind: kind.kind,
    prepare: (settings) => {
      const parsed = kind.settings.safeParse(settings)
      if (!parsed.success) return parsed.error.issues
      return (id, deps) => kind.create(id, parsed.data, deps)
    },
  }
}
