/**
 * Prints what the memory velocity store costs: time per request and bytes per subject.
 * Run: node --expose-gc test/bench/velocity.bench.ts [numbers]
 */
import { micros } from '../../src/domain/money.ts'
import type { Subjects } from '../../src/domain/subjects.ts'
import { hash32 } from '../../src/risk/velocity/distinct.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'

const NUMBERS = Number(process.argv[2] ?? 1_000_000)
const START_MS = Date.UTC(2025, 0, 6)
const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'

const hex = (text: string): string =>
  [1, 2, 3, 4]
    .map((lane) => (hash32(`${lane}${text}`) >>> 0).toString(16).padStart(8, '0'))
    .join('')
const heapMb = (): number => {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}
const say = (label: string, value: number, unit: string): void => {
  process.stdout.write(`${label.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit}\n`)
}

/** Time of this process alone, so that busy neighbours do not show. */
const cpuMs = (): number => process.cpuUsage().user / 1000

/** Requests of `people` people over `spanMs`, a new number each until all have come. */
function subjectsOf(index: number, people: number): Subjects {
  const person = index % people
  const number = `+44${7_000_000_000 + person * 37}`
  const own = (kind: string, value: string): string => `${ACCOUNT}:${hex(`${kind}:${value}`)}`
  return {
    phone: own('phone', number),
    phone_any: hex(number),
    ip: own('ip', String(person % 60_000)),
    net: own('net', String(person % 4_000)),
    device: own('device', String(person)),
    client: own('client', String(person % 300)),
    range2: `${ACCOUNT}:${number.slice(0, -2)}`,
    range3: `${ACCOUNT}:${number.slice(0, -3)}`,
    range4: `${ACCOUNT}:${number.slice(0, -4)}`,
    carrier: `${ACCOUNT}:GB:carrier ${person % 4}`,
    country: `${ACCOUNT}:GB`,
    asn: `${ACCOUNT}:${person % 200}`,
    account: ACCOUNT,
  }
}

/** What 26 look-ups of the same keys cost without any counting of windows: the part of the price that no store can save. */
class LookUps {
  private readonly subjects = new Map<string, { asks: number; sends: number }>()

  observeNow({ subjects }: { readonly subjects: Subjects }): void {
    for (const key of Object.values(subjects)) {
      if (key === undefined) continue
      const known = this.subjects.get(key)
      if (known === undefined) this.subjects.set(key, { asks: 1, sends: 0 })
      else known.asks += 1
    }
  }

  recordNow({ subjects }: { readonly subjects: Subjects }): void {
    for (const key of Object.values(subjects)) {
      if (key === undefined) continue
      const known = this.subjects.get(key)
      if (known !== undefined) known.sends += 1
    }
  }
}

/** Time of the store alone: the subjects are made before, in batches, so that they are as cold as in real life. */
function run(
  store: MemoryVelocityStore | LookUps,
  events: number,
  options: { people: number; perMinute: number },
) {
  const BATCH = 1000
  const perOp: number[] = []
  for (let from = 0; from < events; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, events - from) }, (_, index) =>
      subjectsOf(from + index, options.people),
    )
    const beganMs = cpuMs()
    batch.forEach((subjects, index) => {
      const atMs = START_MS + Math.floor(((from + index) * 60_000) / options.perMinute)
      store.observeNow({ atMs, subjects, country: 'GB' })
      store.recordNow({ kind: 'sent', atMs, sentAtMs: atMs, subjects, price: micros(40_000) })
    })
    perOp.push(((cpuMs() - beganMs) * 1000) / batch.length)
  }
  return perOp.sort((one, other) => one - other)[perOp.length >> 1] ?? 0
}

const before = heapMb()
const phones = new MemoryVelocityStore({ subjectsMax: 2 * NUMBERS })
const beganMs = cpuMs()
for (let person = 0; person < NUMBERS; person++) {
  const atMs = START_MS + person * 100
  const subjects = {
    phone: `${ACCOUNT}:${hex(`phone:${person}`)}`,
    ip: `${ACCOUNT}:${hex(`ip:${person % 1000}`)}`,
  }
  phones.observeNow({ atMs, subjects, country: 'GB' })
  phones.recordNow({ kind: 'sent', atMs, sentAtMs: atMs, subjects, price: micros(40_000) })
}
say(`${NUMBERS.toLocaleString('en')} numbers, one request and send each`, cpuMs() - beganMs, 'ms')
say('  subjects held', phones.size, '')
say('  memory', heapMb() - before, 'MiB')
say('  bytes per subject', ((heapMb() - before) * 2 ** 20) / phones.size, 'B')

say(
  'for comparison: 26 look-ups in a Map',
  run(new LookUps(), 200_000, { people: 50_000, perMinute: 20 }),
  'us',
)
say(
  'observe + record, 20 requests a minute, 50,000 people',
  run(new MemoryVelocityStore(), 200_000, { people: 50_000, perMinute: 20 }),
  'us',
)
say(
  'observe + record, 2,000 a minute, 50,000 people',
  run(new MemoryVelocityStore(), 200_000, { people: 50_000, perMinute: 2000 }),
  'us',
)
say(
  'observe + record, at the bound of 100,000 subjects',
  run(new MemoryVelocityStore({ subjectsMax: 100_000 }), 200_000, {
    people: 1_000_000,
    perMinute: 2000,
  }),
  'us',
)

const subjects = new MemoryVelocityStore()
run(subjects, 200_000, { people: 33_000, perMinute: 200 })
let longestMs = 0
let chunkBegan = cpuMs()
for (const _ of subjects.snapshotChunks()) {
  longestMs = Math.max(longestMs, cpuMs() - chunkBegan)
  chunkBegan = cpuMs()
}
const snapshotBegan = cpuMs()
const bytes = subjects.snapshot()
const snapshotMs = cpuMs() - snapshotBegan
const restoreBegan = cpuMs()
new MemoryVelocityStore().restore(bytes)
const restoreMs = cpuMs() - restoreBegan
say('snapshot: subjects', subjects.size, '')
say('  bytes', bytes.length, 'B')
say('  written in', snapshotMs, 'ms')
say('  longest chunk', longestMs, 'ms')
say('  restored in', restoreMs, 'ms')
