import { cpSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildData } from '../data/build-data.ts'
import { copyNativePackages } from './native-packages.ts'

/** What the program reads when it runs, and what must travel with it. */
const CARRIED = ['rules', 'models', 'drizzle', 'LICENSE', 'NOTICE', '.env.example']
const root = fileURLToPath(new URL('../../../', import.meta.url))
const dist = join(root, 'dist')

/** Libraries in the CommonJS style ask for `require`, which a module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

buildData(join(dist, 'data'), () => undefined)
for (const part of ['chunks', ...CARRIED]) rmSync(join(dist, part), { recursive: true, force: true })
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
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  banner: { js: REQUIRE },
})
for (const part of CARRIED) {
  if (existsSync(join(root, part))) cpSync(join(root, part), join(dist, part), { recursive: true })
}
const carried = copyNativePackages(join(root, 'node_modules'), join(dist, 'node_modules'))
const kib = Math.round(statSync(join(dist, 'tollgate.mjs')).size / 1024)
process.stdout.write(
  `dist/tollgate.mjs (${kib} KiB and its chunks) is built; beside it rules, models, migrations, data and ${carried.join(', ')}.\n` +
    'The folder dist runs anywhere with Node 22 or newer: node dist/tollgate.mjs serve\n',
)
