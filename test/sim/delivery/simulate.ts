import type { CodeSend, Delivery, Send } from '../../../src/domain/send.ts'
import { learnRoutes } from '../../../src/flows/learn-routes.ts'
import { recordReceipts } from '../../../src/flows/record-receipts.ts'
import { sweep } from '../../../src/flows/sweep.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import { type Dice, seededDice, virtualClock } from '../../../src/platform/virtual.ts'
import type { ServiceSettings } from '../../../src/tenancy/tenancy.ts'
import type { PolicyMaker } from '../../../src/wire-policy.ts'
import { Agenda } from './agenda.ts'
import { Auditor } from './auditor.ts'
import { FakeProvider } from './fake-provider.ts'
import type { Ground, Stores } from './ground.ts'
import { watched } from './life.ts'
import { oracleChoice } from './oracle.ts'
import { People } from './people.ts'
import { type Measured, measure } from './report.ts'
import { type Service, startService } from './service.ts'
import { COUNTRIES, FAKES, NUMBERS } from './setting.ts'
import { DEPOSIT, openTenant } from './tenant.ts'
import { Truth } from './truth.ts'
import { incidentsOf, type Season } from './weather.ts'

export type SimOptions = {
  readonly seed: number
  /** People who ask for a code. */
  readonly people: number
  readonly perMinute: number
  readonly ground: Ground
  readonly vault: Vault
  readonly policyMaker: PolicyMaker
  /** On the mean, from a start of the service to its crash. */
  readonly livesMs: number
  /** Steps between two looks of the auditor at the balances, and at all new entries. */
  readonly auditEvery: { readonly balance: number; readonly entries: number }
  /** On the mean, between two incidents of one provider. */
  readonly calmMs?: number
  /** Only the first provider carries texts; WhatsApp takes over, by the others. */
  readonly fallsBack?: boolean
  /** Spoils what the service has, to see whether the auditor notices. */
  readonly sabotage?: (stores: Stores) => Stores
}

const START_MS = Date.UTC(2026, 2, 2, 6)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const SWEEP_MS = 15_000
const DEAD_NUMBERS_SHARE = 0.01
/** After the last request: codes expire, receipts stop coming, holds that nobody answered are given up. */
const AFTERMATH_MS = 2 * HOUR_MS
const LONG_AFTER_MS = 80 * HOUR_MS
const NIGHT_ROUNDS = 30
const FALLING = {
  channels: ['sms', 'whatsapp'],
  fallbackChannels: ['whatsapp'],
} as const satisfies Partial<ServiceSettings>

/** A world with one service in it that crashes and comes back, for as long as the people come and then until all is settled. */
export async function simulate(options: SimOptions): Promise<Measured> {
  const world = await openWorld(options)
  await world.run()
  return world.close()
}

async function openWorld(options: SimOptions) {
  const { seed, people: crowd, perMinute, ground, auditEvery, vault } = options
  const agenda = new Agenda(virtualClock(START_MS))
  const truth = new Truth()
  const dice = seededDice(seed)
  const spanMs = (crowd / perMinute) * MINUTE_MS
  const stores = observed(ground.stores, { truth, choice })
  const settings = options.fallsBack === true ? FALLING : {}
  const tenant = await openTenant(stores, { agenda, dice, vault, settings })
  const deadFrom = Math.round(1 / DEAD_NUMBERS_SHARE)
  const season = seasonOf(spanMs, options.calmMs)
  const fakes = FAKES.map((spec) => {
    const own = seededDice(dice.below(2 ** 31))
    return new FakeProvider(spec, {
      agenda,
      dice: own,
      truth,
      incidents: incidentsOf(own, season, COUNTRIES),
      callBack,
      arrive: (message) => people.receive(message),
    })
  })
  let service: Service | undefined
  /** Nobody comes any more, and nothing crashes. */
  let isNight = false
  const errors = new Map<string, number>()
  const people = new People({ agenda, dice, truth, tenant, service: () => service })
  const auditor = new Auditor({ stores, truth, accountId: tenant.accountId, deposit: DEPOSIT })

  function choice(send: Send) {
    const country = COUNTRIES.find((one) => send.phone.startsWith(NUMBERS[one](0).slice(0, 3)))!
    const isDead = Number(send.phone.slice(-4)) % deadFrom === 0
    return { country, isDead, oracle: oracleChoice(fakes, country) }
  }

  const channelOf = (index: number) =>
    options.fallsBack === true && index > 0 ? 'whatsapp' : 'sms'

  async function callBack(providerId: string, deliveries: readonly Delivery[]): Promise<boolean> {
    const now = service
    const body = new TextEncoder().encode(JSON.stringify(deliveries))
    const answer = await now?.life.ask(() =>
      recordReceipts(now.house, {
        kind: 'fake',
        providerId,
        token: undefined,
        method: 'POST',
        url: new URL(`https://tollgate.example/receipts/fake/${providerId}`),
        headers: new Headers(),
        body,
      }),
    )
    return answer?.kind === 'accepted'
  }

  function start(): void {
    truth.runs += 1
    const begun = startService({
      agenda,
      dice,
      vault,
      stores: options.sabotage?.(stores) ?? stores,
      policyMaker: options.policyMaker,
      providers: new Map(
        fakes.map((fake, index) => [fake.spec.id, fake.provider(channelOf(index))]),
      ),
      storesEvidence: options.fallsBack ?? false,
      onAccepted: (id, providerId) => truth.hear(id, providerId),
      onError: (event) => errors.set(event, (errors.get(event) ?? 0) + 1),
      whenOver: () => {
        service = undefined
        if (!isNight) agenda.after(1_000 + dice.next() * 20_000, start)
      },
    })
    // As the server does before it listens.
    void begun.life
      .ask(() => learnRoutes(begun.house))
      .then(() => {
        if (!begun.life.isOver) service = begun
      })
    if (!isNight) planEnd(begun, { agenda, dice, livesMs: options.livesMs })
  }

  const round = (everyMs: number, what: (house: Service['house']) => Promise<unknown>) => {
    const once = async () => {
      const now = service
      await now?.life
        .ask(() => what(now.house))
        .catch((error: unknown) => {
          const event = `round: ${String(error)}`
          errors.set(event, (errors.get(event) ?? 0) + 1)
        })
      if (!isNight) agenda.after(everyMs, () => void once())
    }
    agenda.after(everyMs, () => void once())
  }

  const settle = async () => {
    do await new Promise(setImmediate)
    while (ground.busy() > 0)
  }

  let steps = 0
  const audit = async () => {
    steps += 1
    if (steps % auditEvery.balance === 0) await auditor.checkBalance()
    if (steps % auditEvery.entries === 0) await auditor.readEntries()
  }
  const runUntil = async (endMs: number) => {
    while (agenda.runNext(endMs)) {
      await settle()
      await audit()
    }
    agenda.clock.set(endMs)
  }

  return {
    run: async () => {
      start()
      round(SWEEP_MS, sweep)
      planArrivals({ agenda, dice, people, count: crowd, spanMs })
      await runUntil(START_MS + spanMs + AFTERMATH_MS)
      await longAfter()
    },
    close: async (): Promise<Measured> => {
      const { outcomes, complaints } = await auditor.checkEnd(agenda.nowMs)
      return measure({ truth, tally: people.tally, outcomes, complaints, steps, errors })
    },
  }

  /** A restart after a long time without anybody: the sweeps close what was still open. */
  async function longAfter(): Promise<void> {
    isNight = true
    service?.life.end()
    await runUntil(agenda.nowMs + LONG_AFTER_MS)
    start()
    for (let rounds = 0; rounds < NIGHT_ROUNDS; rounds++) {
      round(0, sweep)
      await runUntil(agenda.nowMs + MINUTE_MS)
    }
  }
}

function seasonOf(spanMs: number, calmMs = 4 * HOUR_MS): Season {
  return {
    fromMs: START_MS,
    untilMs: START_MS + spanMs,
    calmMs,
    shortestMs: 2 * MINUTE_MS,
    longestMs: 15 * MINUTE_MS,
  }
}

type Arrivals = {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly people: People
  readonly count: number
  readonly spanMs: number
}

function planArrivals({ agenda, dice, people, count, spanMs }: Arrivals): void {
  const next = (index: number) => {
    if (index === count) return
    void people.arrive(index)
    agenda.after((-Math.log(1 - dice.next()) * spanMs) / count, () => next(index + 1))
  }
  agenda.after(1_000, () => next(0))
}

type Ending = { readonly agenda: Agenda; readonly dice: Dice; readonly livesMs: number }

/** After some time, in the middle of whatever it does then. */
function planEnd({ life }: Service, { agenda, dice, livesMs }: Ending): void {
  if (!Number.isFinite(livesMs)) return
  agenda.after(-Math.log(1 - dice.next()) * livesMs, () => {
    const side = dice.next() < 0.5 ? 'before' : 'after'
    life.endAt(1 + dice.below(200), side)
  })
}

type Choice = (send: CodeSend) => Parameters<Truth['open']>[0]

/** Tells the world what the stores really took, also where the process died before it heard of it. */
function observed(stores: Stores, { truth, choice }: { truth: Truth; choice: Choice }): Stores {
  const verifications = watched(stores.verifications, async (work, method, args) => {
    const result = await work()
    const send = (args[method === 'open' ? 0 : 1] as { send?: CodeSend } | undefined)?.send
    const { kind } = (result ?? {}) as { kind?: string }
    const isOpened = kind === 'opened' || kind === 'resent'
    if (send !== undefined && isOpened) truth.open(choice(send), send)
    return result
  })
  const outbox = watched(stores.outbox, async (work, method, args) => {
    const result = await work()
    const [id, takenBy] = args as [Send['id'], string | undefined]
    if (method === 'closeFallen' && takenBy !== undefined) truth.fallBack(id)
    if (method === 'finish') {
      for (const { sendId, status } of args[0] as readonly {
        sendId: Send['id']
        status: string
      }[]) {
        if (status === 'sent') truth.fate(sendId).isRecorded = true
      }
    }
    return result
  })
  return { ...stores, verifications, outbox }
}
