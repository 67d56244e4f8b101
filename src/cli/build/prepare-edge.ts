import { mkdir, writeFile } from 'node:fs/promises'
import metadata from 'libphonenumber-js/max/metadata'
import { writeEdgeRules } from './edge-rules.ts'
import { withoutFormats } from './lean-metadata.ts'

/** Wrangler runs this in the project's folder before it bundles. */
const OUT = 'dist/worker'

await mkdir(OUT, { recursive: true })
await writeFile(`${OUT}/phone-metadata.json`, JSON.stringify(withoutFormats(metadata)))
const written = await writeEdgeRules({
  folder: 'rules',
  out: OUT,
  err: (text) => process.stderr.write(text),
})
process.exitCode = written ? 0 : 1
