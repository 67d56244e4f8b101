import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT, wrangler } from './wrangler.ts'

/** What the free plan would take is 3 MiB; a small Worker starts faster. */
const GOAL_KIB = 300
const OUT = join(ROOT, 'dist/edge')

rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT, { recursive: true })
const code = await wrangler(
  ['deploy', '--dry-run', '--outdir', OUT, '--metafile', join(OUT, 'meta.json'), '--minify'],
  'ignore',
)
if (code !== 0) process.exit(code)

const KIB = 1024
const sizeOf = (name: string): number =>
  gzipSync(readFileSync(join(OUT, name)), { level: 9 }).length
const modules = readdirSync(OUT).filter((name) => !/\.(?:json|map|md)$/.test(name))
const total = modules.reduce((sum, name) => sum + sizeOf(name), 0) / KIB
process.stdout.write(
  `\nThe Worker is ${total.toFixed(1)} KiB gzipped (goal: under ${GOAL_KIB} KiB).\n`,
)
process.stdout.write('What weighs most, before minifying and gzip:\n')
for (const [name, bytes] of heaviest()) {
  process.stdout.write(`  ${(bytes / KIB).toFixed(0).padStart(6)} KiB  ${name}\n`)
}

type Metafile = {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>
  >
}

/** Bytes in the output by package or by room of ours. */
function heaviest(): readonly (readonly [string, number])[] {
  const { outputs } = JSON.parse(readFileSync(join(OUT, 'meta.json'), 'utf8')) as Metafile
  const sums = new Map<string, number>()
  for (const output of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = ownerOf(path)
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput)
    }
  }
  return [...sums].sort(([, left], [, right]) => right - left).slice(0, 12)
}

function ownerOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
  return inPackage ?? path.split('/').slice(-3, -1).join('/')
}
