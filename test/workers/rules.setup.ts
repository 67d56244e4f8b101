import { writeEdgeRules } from '../../src/cli/build/edge-rules.ts'

/** What wrangler does before it bundles. */
export async function setup(): Promise<void> {
  const err = (text: string) => void process.stderr.write(text)
  const written = await writeEdgeRules({ folder: 'rules', out: 'dist/worker', err })
  if (!written) throw new Error('the rules have mistakes')
}
