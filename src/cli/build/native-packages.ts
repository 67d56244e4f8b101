import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The one native dependency and what it loads by name when it runs; a bundler cannot take these in. */
const LOADED_AT_RUN = ['libsql', '@neon-rs/load', 'detect-libc']
const BINDINGS = '@libsql'
/** Packages of that scope that are JavaScript and are in the bundle. */
const IN_BUNDLE = ['client', 'core', 'hrana-client', 'isomorphic-ws']

/** Copies them below `dist/node_modules`, with the bindings that are installed for this machine. Answers their names. */
export function copyNativePackages(installed: string, target: string): readonly string[] {
  rmSync(target, { recursive: true, force: true })
  const bindings = readdirSync(join(installed, BINDINGS)).filter(
    (name) => !IN_BUNDLE.includes(name),
  )
  const names = [...LOADED_AT_RUN, ...bindings.map((name) => `${BINDINGS}/${name}`)]
  for (const name of names) {
    if (!existsSync(join(installed, name))) throw new Error(`${name} is not installed`)
    cpSync(join(installed, name), join(target, name), { recursive: true, dereference: true })
  }
  return names
}
