import * as z from 'zod'
import { sandboxProvider } from './providers/sandbox/provider.ts'
import { type RegisteredKind, registerKind } from './registered-kind.ts'

const SandboxAlone = z.looseObject({
  providers: z.record(z.string(), z.looseObject({ kind: z.literal(sandboxProvider.kind) })),
})

/**
 * The kinds to check the data of a routes file with, which may have any shape. Those of vendors are a fifth of all modules of a
 * process, so they are loaded for a file that names one of them.
 */
export async function kindsNamedIn(routes: unknown): Promise<readonly RegisteredKind[]> {
  if (SandboxAlone.safeParse(routes).success) return [registerKind(sandboxProvider)]
  return (await import('./kinds-node.ts')).NODE_KINDS
}
