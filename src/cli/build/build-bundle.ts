import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildData } from '../data/build-data.ts'
import { copyNativePackages } from './native-packages.ts'

/** What the program reads when it runs, and what must travel with it. */
const CARRIED = ['rules', 'models', 'drizzle', 'LICENSE', 'NOTICE', '.env.example']
/** Libraries in the CommonJS style ask for `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
const root = fileURLToPath(new URL('../../../', import.meta.url))
const dist = resolve(process.argv[2] ?? join(root, 'dist'))

for (const part of ['chunks', ...CARRIED])
  rmSync(join(dist, part), { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
await build({
  entryPoints: [{ in: join(root, 'src/node.ts'), out: 'tollgate' }],
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['libsql'],
  legalComments: 'linked',
  banner: { js: REQUIRE },
})
for (const part of CARRIED) {
  if (existsSync(join(root, part))) cpSync(join(root, part), join(dist, part), { recursive: true })
}
buildData(join(dist, 'data'), () => undefined)
copyNativePackages(join(root, 'node_modules'), join(dist, 'node_modules'))

const kib = Math.round(statSync(join(dist, 'tollgate.mjs')).size / 1024)
process.stdout.write(
  `${join(dist, 'tollgate.mjs')} is built (${kib} KiB, beside it what it loads and reads).\n` +
    'The folder runs anywhere with Node 22 or newer: node tollgate.mjs serve\n',
)
