import type { WebhookId } from '../domain/ids.ts'
import type { RaisedEvent } from '../webhooks/stores.ts'
import type { WebhookKey } from '../webhooks/webhook.ts'
import { type DeliveryParts, deliverEvents } from './deliver-events.ts'

/** So many webhooks are served at the same time at most. */
const WEBHOOKS_AT_ONCE = 100
/** A Worker may be cut off in the middle of anything; what it began is taken for over after this. */
const CUT_OFF_MS = 60_000
/** While nobody listens, this process asks again only after so long whether somebody does. */
const QUIET_MS = 5_000
const EXPIRED_AT_ONCE = 500
const EXPIRED_ROUNDS_MAX = 20

/** What the flows know of events: most are raised by the write that they tell of, and need nothing from a flow. */
export type Events = {
  /** Tells of something that no write stands for. It costs its caller nothing when it fails. */
  readonly raise: (event: RaisedEvent) => Promise<void>
  /** What the clock alone brings about, and what is due again. */
  readonly sweep: () => Promise<void>
}

export type Courier = Events & {
  /** Something may have happened. */
  readonly wake: () => void
  /** Somebody wants to be told now; also when nobody did a moment ago. */
  readonly hurry: () => void
}

export type CourierParts = DeliveryParts & {
  /** Waits a moment before it looks, so that events of one moment share a round; undefined does not wait. */
  readonly pause: (() => Promise<void>) | undefined
}

/** Brings events to webhooks, each webhook on its own, so that a slow one holds up nobody else. */
export function openCourier(parts: CourierParts): Courier {
  const { platform, events } = parts
  const turns = openTurns(platform.nowMs)
  /** Had something new while they were served. */
  const missed = new Set<WebhookId>()
  let again = false
  let quietUntilMs = 0

  const isQuiet = (): boolean => platform.nowMs() < quietUntilMs
  const isWanted = async (): Promise<boolean> => {
    const wanted = await events.wanted()
    if (!wanted) quietUntilMs = platform.nowMs() + QUIET_MS
    return wanted
  }
  const report = (error: unknown): void => {
    const cause = error instanceof Error ? error.name : 'unknown'
    platform.log.error('events.failed', { cause })
  }
  const serve = async (key: WebhookKey): Promise<void> => {
    const turn = turns.take(key.id)
    if (turn === 'under_way') missed.add(key.id)
    if (turn !== 'taken') return
    await deliverEvents(parts, key).catch(report)
    turns.give(key.id)
    if (missed.delete(key.id)) wake()
  }
  const look = async (): Promise<void> => {
    while (again) {
      again = false
      if (!(await isWanted())) return
      await parts.pause?.()
      for (const key of await events.due(platform.nowMs())) platform.defer(serve(key))
    }
  }
  const lookOnce = (): void => {
    again = true
    if (turns.take(LOOKING) !== 'taken') return
    const looked = look().catch(report)
    const ended = looked.finally(() => {
      turns.give(LOOKING)
      if (again) lookOnce()
    })
    platform.defer(ended)
  }
  const wake = (): void => {
    if (!isQuiet()) lookOnce()
  }
  const hurry = (): void => {
    quietUntilMs = 0
    lookOnce()
  }
  return {
    wake,
    hurry,
    raise: async (event) => {
      if (!isQuiet()) await events.raise(event).then(wake, report)
    },
    sweep: async () => {
      if (!(await isWanted())) return
      await raiseExpired(parts)
      hurry()
    },
  }
}

const LOOKING = 'looking'

/** Who is at work, each name once, and only so many; one that was cut off loses its turn in time. */
function openTurns(nowMs: () => number) {
  const sinceMs = new Map<string, number>()
  return {
    take: (name: string): 'taken' | 'under_way' | 'full' => {
      const since = sinceMs.get(name)
      if (since !== undefined && nowMs() - since < CUT_OFF_MS) return 'under_way'
      if (since === undefined && sinceMs.size > WEBHOOKS_AT_ONCE) return 'full'
      sinceMs.set(name, nowMs())
      return 'taken'
    },
    give: (name: string): void => {
      sinceMs.delete(name)
    },
  }
}

async function raiseExpired({ platform, events }: CourierParts): Promise<void> {
  for (let round = 0; round < EXPIRED_ROUNDS_MAX; round++) {
    const looked = await events.raiseExpired(platform.nowMs(), EXPIRED_AT_ONCE)
    if (looked < EXPIRED_AT_ONCE) return
  }
}
