import type { MessageKind } from '../domain/message-kind.ts'
import type { Platform } from '../platform/platform.ts'
import type { PaceStore } from './pace-store.ts'
import type { Asker, Paced, Paces, Turn } from './provider-paces.ts'
import { paceOf } from './token-bucket.ts'

type Clock = Pick<Platform, 'nowMs' | 'log'>

/** Lets messages through to providers, one token each. */
export interface Turns {
  /**
   * Only for whom `Paces` sees room now, just before the provider is asked. False when other processes had it first; where it waits then, and for
   * how long, `Paces` knows better than before.
   */
  take(provider: Paced, asker: Asker, clock: Clock): Promise<boolean>
}

type Waiting = Turn & { readonly asker: Asker; readonly answer: (isGranted: boolean) => void }
/** `drawingSinceMs`: a draw is under way. */
type Line = { readonly waiting: Waiting[]; drawingSinceMs: number | undefined }
type Limited = Paced & { readonly ratePerSecond: number }

const RANKS: Readonly<Record<MessageKind, number>> = { otp: 1, notice: 2, bulk: 3 }

/** Whoever drew may have been cut off, as invocations of a Worker are: then the next one draws for all that wait. */
const DRAW_MAX_MS = 10_000

/**
 * Without a store each process keeps its own rate. With one, whoever has room here draws a token from there; those that come while
 * a draw is under way share the next. If the store fails, the rate of this process alone holds.
 */
export function createTurns(paces: Paces, store?: PaceStore): Turns {
  const lines = new Map<string, Line>()
  const draw = async (provider: Limited, asked: readonly Waiting[], clock: Clock) => {
    const { id: providerId, ratePerSecond } = provider
    const { count, fullAtMs } = await drawn(store, clock, {
      providerId,
      pace: paceOf(ratePerSecond),
      count: asked.length,
      nowMs: clock.nowMs(),
    })
    for (const { undo } of asked.slice(count).toReversed()) undo()
    const since = lines.get(providerId)?.waiting.length ?? 0
    if (fullAtMs !== undefined) paces.learn(provider, fullAtMs, since)
    for (const [place, { answer }] of asked.entries()) answer(place < count)
  }
  const drawAll = async (provider: Limited, line: Line, clock: Clock): Promise<void> => {
    while (line.waiting.length > 0) {
      line.drawingSinceMs = clock.nowMs()
      await draw(provider, inOrder(line.waiting.splice(0)), clock)
    }
    line.drawingSinceMs = undefined
  }
  return {
    async take(provider, asker, clock) {
      const turn = paces.take(provider, asker, clock.nowMs())
      const { id, ratePerSecond } = provider
      if (store === undefined || ratePerSecond === undefined) return true
      const line = lines.get(id) ?? { waiting: [], drawingSinceMs: undefined }
      lines.set(id, line)
      const granted = new Promise<boolean>((answer) => {
        line.waiting.push({ ...turn, asker, answer })
      })
      const sinceMs = line.drawingSinceMs ?? Number.NEGATIVE_INFINITY
      if (clock.nowMs() - sinceMs > DRAW_MAX_MS) void drawAll({ id, ratePerSecond }, line, clock)
      return granted
    },
  }
}

/** Whoever has a kept place first, then codes before notices before bulk. */
const inOrder = (waiting: readonly Waiting[]): readonly Waiting[] =>
  waiting.toSorted((one, other) => rankOf(one) - rankOf(other))

const rankOf = ({ isKept, asker }: Waiting): number => (isKept ? 0 : RANKS[asker.kind])

async function drawn(
  store: PaceStore | undefined,
  { log }: Clock,
  draw: Parameters<PaceStore['draw']>[0],
): Promise<{ readonly count: number; readonly fullAtMs: number | undefined }> {
  try {
    if (store !== undefined) return await store.draw(draw)
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    log.error('pace.failed', { provider: draw.providerId, cause })
  }
  return { count: draw.count, fullAtMs: undefined }
}
