import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

export type SourceFile = {
  /** Below src/, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Imported files of our own, type imports included, as paths below src/. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

/** Every source file of the product; unit tests and declarations aside. */
export function sourceFiles(): readonly SourceFile[] {
  return list(SRC).map((file) => {
    const path = relative(SRC, file)
    const text = readFileSync(file, 'utf8')
    const targets = specifiersOf(text)
    return {
      path,
      text,
      imports: targets
        .filter((target) => /^\.{1,2}\/.*\.tsx?$/.test(target))
        .map((target) => normalize(join(dirname(path), target))),
      packages: targets.filter((target) => !target.startsWith('.')).map(packageOf),
    }
  })
}

/** The top-level folder of a file, or `.` for the entries at the root of src. */
export const roomOf = (path: string): string =>
  path.includes('/') ? (path.split('/')[0] ?? '.') : '.'

/** Of import and export statements and of `import()`; the word from in a text is neither. */
function specifiersOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?:[\w\s{},*$]*\sfrom\s)?'([^'\n]+)'/gm)
  const calls = text.matchAll(/\bimport\('([^'\n]+)'\)/g)
  return [...statements, ...calls].map(([, specifier]) => specifier ?? '')
}

function packageOf(specifier: string): string {
  const scheme = /^(?:node|cloudflare):[^/]+/.exec(specifier)
  return scheme?.[0] ?? /^(?:@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier
}

function list(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) return list(path)
      return /(?<!\.test|\.d)\.tsx?$/.test(name) ? [path] : []
    })
}
