import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Entry = { readonly optionalDependencies?: Record<string, string>; readonly resolved?: string }
const lock = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Entry>> }
const entries = Object.entries(lock.packages)

// npm leaves out of the lock what it could not find while it was written, and `npm ci` then refuses the whole lock.
test('the lock file knows the packages of every platform', () => {
  const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
  )
  expect(missing).toEqual([])
})

test('the lock file holds no addresses', () => {
  expect(
    entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
  ).toEqual([])
})

/** Looks where Node would: below the package itself, then upwards. */
function isLocked(path: string, name: string): boolean {
  const steps = path.split('/node_modules/')
  return (
    steps.some((_, up) => {
      const folder = steps.slice(0, steps.length - up).join('/node_modules/')
      return `${folder}/node_modules/${name}` in lock.packages
    }) || `node_modules/${name}` in lock.packages
  )
}
