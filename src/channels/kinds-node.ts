import { PROVIDER_KINDS, type RegisteredKind, registerKind } from './kinds.ts'
import { smppProvider } from './providers/smpp/provider.ts'

/** The kinds of the Node server and its commands; those that need Node's own modules must not get into a Worker. */
export const NODE_KINDS: readonly RegisteredKind[] = [...PROVIDER_KINDS, registerKind(smppProvider)]
