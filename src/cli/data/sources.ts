import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as z from 'zod'

const require = createRequire(import.meta.url)
const manifestSchema = z.object({ version: z.string() })

/** An installed package that data are read from. */
export type SourcePackage = {
  readonly name: string
  readonly version: string
  readonly dir: string
}

/** Undefined where the package is not installed, as development packages are not in production. */
export function findPackage(name: string): SourcePackage | undefined {
  const dir = require.resolve
    .paths(name)
    ?.map((folder) => join(folder, name))
    .find((candidate) => manifestOf(candidate) !== undefined)
  const manifest = dir === undefined ? undefined : manifestOf(dir)
  return dir === undefined || manifest === undefined
    ? undefined
    : { name, version: manifestSchema.parse(JSON.parse(manifest)).version, dir }
}

/** Some of these packages export nothing, so their manifest cannot be resolved as a module. */
function manifestOf(dir: string): string | undefined {
  try {
    return readFileSync(join(dir, 'package.json'), 'utf8')
  } catch {
    return undefined
  }
}

/** Loads a module that belongs to the package, not to us. */
export const requireFrom = (source: SourcePackage, module: string): unknown =>
  createRequire(join(dirname(join(source.dir, 'package.json')), 'index.js'))(module)
