import { setTimeout as wait } from 'node:timers/promises'
import type { Platform } from '../platform/platform.ts'
import { realPlatform } from '../platform/real.ts'
import { type Invocation, numberOption, textOption, UsageError } from './command.ts'
import { type DemoClient, DemoError, openClient, type TrafficRow } from './demo/client.ts'
import { noVisits, type Visits, visit } from './demo/people.ts'
import { openCrew } from './demo/pumping.ts'
import { liveLine, reportText, since } from './demo/tables.ts'
import { type Dice, diceOf } from './simulate/dice.ts'

const SECONDS = 60
const PEOPLE_PER_SECOND = 3
const STRIKES_PER_SECOND = 12
const DEFAULT_URL = 'http://127.0.0.1:8787'
const KEY_HELP =
  'it needs an admin key: --key SK…:SECRET, or TOLLGATE_KEY. The service prints one at its first start.'

type Stage = {
  readonly client: DemoClient
  readonly dice: Dice
  readonly say: (text: string) => void
  readonly nowMs: () => number
  /** Visits that are still going on. */
  readonly open: Set<Promise<void>>
  readonly fail: (error: unknown) => void
  readonly failure: () => unknown
}

/** `tollgate demo`: ordinary people, then a pumping attack among them, against a service that runs. */
export async function demoCommand(invocation: Invocation): Promise<number> {
  const { environment, err, out } = invocation.hands
  const seconds = numberOption(invocation, 'seconds', { least: 1, most: 3_600 }) ?? SECONDS
  const url = textOption(invocation, 'url') ?? environment.TOLLGATE_URL ?? DEFAULT_URL
  const key = textOption(invocation, 'key') ?? environment.TOLLGATE_KEY
  if (key === undefined) throw new UsageError(KEY_HELP)
  const platform = realPlatform(() => undefined)
  const client = openClient({ url: url.replace(/\/+$/, ''), key, fetch: platform.fetch })
  try {
    await play(openStage(platform, client, out), seconds)
    return 0
  } catch (error) {
    if (!(error instanceof DemoError)) throw error
    err(`tollgate demo: ${error.message}\n`)
    return 1
  }
}

function openStage(platform: Platform, client: DemoClient, say: Stage['say']): Stage {
  let failure: unknown
  return {
    client,
    say,
    dice: diceOf(...platform.randomBytes(8)),
    nowMs: platform.nowMs,
    open: new Set(),
    fail: (error) => {
      failure ??= error
    },
    failure: () => failure,
  }
}

async function play(stage: Stage, seconds: number): Promise<void> {
  const { client, dice, say } = stage
  const from = new Date(stage.nowMs()).toISOString()
  const score = async () => (await client.report({ from, group_by: 'country' })).total
  const before = await score()
  const people = noVisits()
  const crew = noVisits()
  const strike = openCrew(client, dice, crew)
  const come = () => visit(client, dice, people)
  const scene = { stage, before, score, seconds }

  say(`${seconds} seconds of ordinary people, ${PEOPLE_PER_SECOND} a second.\n`)
  await runScene({ ...scene, phase: 'people', from: 0, streams: [[PEOPLE_PER_SECOND, come]] })
  say(`Now a pumping crew as well, ${STRIKES_PER_SECOND} requests a second.\n`)
  const both = [
    [PEOPLE_PER_SECOND, come],
    [STRIKES_PER_SECOND, strike],
  ] as const
  await runScene({ ...scene, phase: 'attack', from: seconds, streams: both })
  say('The last visitors finish.\n')
  await Promise.all(stage.open)
  throwFailure(stage)
  say(`\n${summary(people, crew)}\n`)
  say('The fraud report of this hour (GET /v1/reports/fraud):\n\n')
  say(reportText(await client.report({ from, group_by: 'range' })))
}

type Scene = {
  readonly stage: Stage
  readonly phase: string
  /** Seconds since the demo began. */
  readonly from: number
  readonly seconds: number
  readonly before: TrafficRow
  readonly score: () => Promise<TrafficRow>
  readonly streams: readonly (readonly [perSecond: number, start: () => Promise<void>])[]
}

/** Lets visitors come at random moments and prints the score once a second. */
async function runScene(scene: Scene): Promise<void> {
  const { stage, before, score, phase, seconds } = scene
  const endMs = stage.nowMs() + seconds * 1_000
  const arrivals = scene.streams.map(([perSecond, start]) =>
    arrive(stage, { perSecond, start, endMs }),
  )
  const beginMs = stage.nowMs()
  for (let second = 1; second <= seconds; second++) {
    await wait(Math.max(0, beginMs + second * 1_000 - stage.nowMs()))
    throwFailure(stage)
    stage.say(liveLine({ second: scene.from + second, phase }, since(before, await score())))
  }
  await Promise.all(arrivals)
}

type Stream = {
  readonly perSecond: number
  readonly start: () => Promise<void>
  readonly endMs: number
}

async function arrive(stage: Stage, { perSecond, start, endMs }: Stream): Promise<void> {
  for (;;) {
    await wait(stage.dice.wait(1_000 / perSecond))
    if (stage.nowMs() >= endMs || stage.failure() !== undefined) return
    const going = start().catch(stage.fail)
    const tracked = going.finally(() => stage.open.delete(tracked))
    stage.open.add(tracked)
  }
}

function throwFailure({ failure }: Stage): void {
  if (failure() !== undefined) throw failure()
}

const summary = (people: Visits, crew: Visits): string =>
  `People:  ${people.asked} asked, ${people.sent} were sent a code, ${people.gotIn} got in, ${people.refused} were turned away.\n` +
  `Pumping: ${crew.asked} asked, ${crew.sent} messages were sent, ${crew.refused} were refused.\n`
