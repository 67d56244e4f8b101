/**
 * Sends a crowd through the flows of the server and tells what the process holds each time that another so many different numbers
 * were asked for, as one line of JSON. Started by memory.bench.ts, with --expose-gc.
 */

import { openReplay } from '../../src/flows/replay.ts'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import { hash32 } from '../../src/risk/velocity/distinct.ts'
import { MemoryCustomerStore } from '../../src/storage/memory/customer-store.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { openStage } from '../../src/wire-replay.ts'
import { crowd } from './crowd.ts'

const HOME = new URL('../../', import.meta.url)
const MIB = 2 ** 20
const SEED = 1
/** Room for everybody, so that nothing that is live has to go. */
const ROOMY = { subjectsMax: 16_000_000, cellsMax: 8_000_000 }

export type Held = {
  readonly numbers: number
  readonly events: number
  readonly days: number
  readonly rssMib: number
  /** Of the heap and of typed arrays, after a collection. */
  readonly usedMib: number
  readonly subjects: number
  readonly cells: number
}

/** Different numbers so far, by one bit of a hash each: a constant size, and less than one in a hundred too few. */
function numberCounter() {
  const bits = new Uint32Array(2 ** 22)
  let different = 0
  return (number: string): number => {
    const hash = hash32(number) & 0x7ffffff
    const [word, bit] = [hash >>> 5, 1 << (hash & 31)]
    if (((bits[word] as number) & bit) === 0) {
      bits[word] = (bits[word] as number) | bit
      different++
    }
    return different
  }
}

async function feed(
  { step, until }: { readonly step: number; readonly until: number },
  limits: Partial<typeof ROOMY>,
): Promise<void> {
  const stage = await openStage(
    { home: HOME, environment: {} },
    { rules: undefined, model: undefined },
  )
  const velocity = new MemoryVelocityStore(limits)
  const ranges = new MemoryRangeWatch(limits)
  const customers = new MemoryCustomerStore()
  const house = { ...stage.house, velocity, ranges, customers }
  const replay = openReplay({ ...stage, house })
  const count = numberCounter()
  let [events, numbers, told, firstMs] = [0, 0, 0, 0]
  const tell = (atMs: number): void => {
    for (let round = 0; round < 2; round++) globalThis.gc?.()
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    const held: Held = {
      numbers,
      events,
      days: (atMs - firstMs) / 86_400_000,
      rssMib: rss / MIB,
      usedMib: (heapUsed + arrayBuffers) / MIB,
      subjects: velocity.size,
      cells: ranges.size,
    }
    process.stdout.write(`${JSON.stringify(held)}\n`)
  }
  for (const event of crowd(SEED)) {
    if (events === 0) {
      firstMs = event.t
      tell(event.t)
    }
    await replay.apply(event)
    events++
    if (event.type !== 'issue') continue
    numbers = count(event.to)
    if (numbers < told + step) continue
    told = numbers
    tell(event.t)
    if (numbers >= until) return
  }
}

const [step, until, size] = process.argv.slice(2)
await feed({ step: Number(step), until: Number(until) }, size === 'roomy' ? ROOMY : {})
