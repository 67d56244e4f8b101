import { newId } from '../domain/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { FAILING_MAX_MS, FAILURES_MIN, nextTryAtMs } from '../webhooks/schedule.ts'
import { signedHeaders } from '../webhooks/signature.ts'
import type { AccountEvent, DeliveryJob, EventStore, ToldEvent, Tried } from '../webhooks/stores.ts'
import { type TargetPolicy, targetMistake } from '../webhooks/target.ts'
import type { Webhook, WebhookKey } from '../webhooks/webhook.ts'
import { type Posted, postWebhook, type TargetFetch, type WebhookMessage } from './post-webhook.ts'

/** So many requests to one webhook are under way at most. */
const AT_ONCE = 10
const TIMEOUT_MS = 15_000
/** Longer than a try may take, so that a live courier never loses its rows. */
const LEASE_MS = 60_000
/** No new requests after this; a Worker lives 30 s beyond its answer, and a stop waits for what is under way. */
const ROUND_MS = 10_000
const GONE = 410

export type DeliveryParts = {
  readonly platform: Platform
  readonly events: EventStore
  readonly fetch: TargetFetch
  readonly targets: TargetPolicy
  /** The body that tells of an event. */
  readonly render: (told: ToldEvent) => string
  readonly userAgent: string
}

/** Sends what one webhook is due, some requests at a time, until nothing is left or the time is over. */
export async function deliverEvents(parts: DeliveryParts, key: WebhookKey): Promise<void> {
  const { platform, events } = parts
  const stopAtMs = platform.nowMs() + ROUND_MS
  do {
    const nowMs = platform.nowMs()
    const span = { nowMs, leaseUntilMs: nowMs + LEASE_MS, limit: AT_ONCE }
    const lease = await events.lease(key, span)
    if (lease === undefined || lease.jobs.length === 0) return
    const tried = await Promise.all(lease.jobs.map((job) => tryOnce(parts, lease.webhook, job)))
    if ((await record(parts, key, tried)) === 'disabled') return
  } while (platform.nowMs() < stopAtMs)
}

async function tryOnce(parts: DeliveryParts, webhook: Webhook, job: DeliveryJob): Promise<Tried> {
  const { platform } = parts
  const { event } = job
  const atMs = platform.nowMs()
  const posted = await post(parts, webhook, job)
  const endedMs = platform.nowMs()
  const { status, answer, error } = posted
  logTry(parts, webhook, { event, status, error, ms: endedMs - atMs })
  const attempt = { id: newId('WA', platform), atMs, tookMs: endedMs - atMs, status, answer, error }
  return { job, attempt, ...outcomeOf(parts, job, posted) }
}

/** The target is looked at again, because the rules for targets may be stricter than when the webhook was made. */
async function post(parts: DeliveryParts, webhook: Webhook, job: DeliveryJob): Promise<Posted> {
  const { fetch, targets } = parts
  if (targetMistake(webhook.url, targets) !== undefined) return notPosted('target_refused')
  const message = messageOf(parts, webhook, job)
  return message === undefined
    ? notPosted('internal')
    : postWebhook(fetch, webhook.url, { ...message, timeoutMs: TIMEOUT_MS })
}

const notPosted = (error: string): Posted => ({
  status: undefined,
  answer: undefined,
  error,
  retryAfterSeconds: 0,
})

/** Undefined for an event that cannot be told, so that it takes no other down with it. */
function messageOf(
  { platform, render, userAgent }: DeliveryParts,
  webhook: Webhook,
  told: DeliveryJob,
): Omit<WebhookMessage, 'timeoutMs'> | undefined {
  const { event } = told
  try {
    const body = render(told)
    const signed = signedHeaders(webhook, { id: event.id, body, atMs: platform.nowMs() })
    const named = { 'content-type': 'application/json', 'user-agent': userAgent }
    return { headers: { ...named, ...signed }, body }
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    platform.log.error('event.untold', { id: event.id, type: event.type, cause })
    return undefined
  }
}

function outcomeOf(
  { platform }: DeliveryParts,
  { tries, giveUpAtMs }: DeliveryJob,
  { status, error, retryAfterSeconds }: Posted,
): Pick<Tried, 'status' | 'dueAtMs'> {
  if (error === undefined) return { status: 'delivered', dueAtMs: undefined }
  const nowMs = platform.nowMs()
  const notBeforeMs = nowMs + retryAfterSeconds * 1000
  const chance = new DataView(platform.randomBytes(4).buffer).getUint32(0) / 2 ** 32
  const dueAtMs = nextTryAtMs({ tries, nowMs, giveUpAtMs, chance, notBeforeMs })
  return status === GONE || dueAtMs === undefined
    ? { status: 'failed', dueAtMs: undefined }
    : { status: 'pending', dueAtMs }
}

async function record(parts: DeliveryParts, key: WebhookKey, tried: readonly Tried[]) {
  const { platform, events } = parts
  const nowMs = platform.nowMs()
  const gone = tried.some(({ attempt }) => attempt.status === GONE)
  const recorded = await events.record(key, tried, {
    nowMs,
    gone,
    failingBeforeMs: nowMs - FAILING_MAX_MS,
    failuresMin: FAILURES_MIN,
  })
  if (recorded === 'disabled') {
    platform.log.warn('webhook.disabled', { webhook: key.id, reason: gone ? 'gone' : 'failing' })
  }
  return recorded
}

/** Without the URL, which may hold a token, and without what the receiver said. */
function logTry(
  { platform }: DeliveryParts,
  { id }: Webhook,
  {
    event,
    ...outcome
  }: Pick<Posted, 'status' | 'error'> & {
    readonly event: AccountEvent
    readonly ms: number
  },
): void {
  platform.log.info('webhook.tried', { webhook: id, id: event.id, type: event.type, ...outcome })
}
