import { PROVIDER_KINDS } from './kinds.ts'
import { smppProvider } from './providers/smpp/provider.ts'
import { type RegisteredKind, registerKind } from './registered-kind.ts'

/** The kinds of the Node server and its commands; those that need Node's own modules must not get into a Worker. */
export const NODE_KINDS: readonly RegisteredKind[] = [...PROVIDER_KINDS, registerKind(smppProvider)]
