import { newId } from '../domain/ids.ts'
import { fieldProblem, Problem } from '../domain/problems.ts'
import type { Platform } from '../platform/platform.ts'
import { TEST_EVENT_TYPE } from '../webhooks/event-types.ts'
import type { EventStore, RaisedEvent, WebhookStore } from '../webhooks/stores.ts'
import { isAllowedAddress, type TargetPolicy, targetMistake } from '../webhooks/target.ts'
import {
  makeWebhook,
  newSecret,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookKey,
  type WebhookSettings,
} from '../webhooks/webhook.ts'
import type { Courier } from './courier.ts'

/** What looking after webhooks needs. */
export type WebhookDesk = {
  readonly platform: Platform
  readonly webhooks: WebhookStore
  readonly events: EventStore
  readonly courier: Pick<Courier, 'wake' | 'hurry'>
  readonly targets: TargetPolicy
  /** Resolves a host name; undefined where the runtime cannot, as on Workers. */
  readonly resolve:
    | ((hostname: string) => Promise<readonly { readonly address: string }[]>)
    | undefined
}

/** Throws `invalid_request` for a target that may not be, and `conflict` when the account has its share of webhooks. */
export async function addWebhook(
  desk: WebhookDesk,
  accountId: Webhook['accountId'],
  settings: WebhookSettings,
): Promise<Webhook> {
  await refuseTarget(desk, settings.url)
  const webhook = makeWebhook(desk.platform, accountId, settings)
  if (!(await desk.webhooks.add(webhook))) {
    throw new Problem('conflict', { detail: `An account has at most ${WEBHOOKS_MAX} webhooks.` })
  }
  desk.courier.hurry()
  return webhook
}

/** Throws `invalid_request` for a target that may not be. Undefined: there is no such webhook. */
export async function changeWebhook(
  desk: WebhookDesk,
  key: WebhookKey,
  change: Partial<WebhookSettings>,
): Promise<Webhook | undefined> {
  if (change.url !== undefined) await refuseTarget(desk, change.url)
  return desk.webhooks.change(key, change, desk.platform.nowMs())
}

/** A new secret; everything is signed with both until the overlap is over. */
export function rotateSecret(
  { platform, webhooks }: WebhookDesk,
  key: WebhookKey,
  overlapSeconds: number,
): Promise<Webhook | undefined> {
  const nowMs = platform.nowMs()
  const oldUntilMs = nowMs + overlapSeconds * 1000
  return webhooks.rotate(key, newSecret(platform), { nowMs, oldUntilMs })
}

/** An event that tells of nothing, for this webhook alone. */
export async function raiseTest(
  { platform, events, courier }: WebhookDesk,
  { accountId, id }: WebhookKey,
): Promise<RaisedEvent> {
  const eventId = newId('EV', platform)
  const event: RaisedEvent = {
    id: eventId,
    accountId,
    type: TEST_EVENT_TYPE,
    once: eventId,
    atMs: platform.nowMs(),
    verificationId: undefined,
    sendId: undefined,
    data: { webhook: id },
  }
  await events.raiseFor({ accountId, id }, event)
  courier.hurry()
  return event
}

/**
 * Looks at the name as it is written and, where the runtime can, at what it resolves to. A name that resolves to nothing yet is
 * taken: every connection is checked anyway.
 */
async function refuseTarget({ targets, resolve }: WebhookDesk, url: string): Promise<void> {
  const mistake = targetMistake(url, targets)
  if (mistake !== undefined) throw fieldProblem('/url', mistake)
  const { hostname } = new URL(url)
  const addresses = (await resolve?.(hostname).catch(() => [])) ?? []
  if (addresses.every(({ address }) => isAllowedAddress(address, targets))) return
  throw fieldProblem('/url', 'must not lead to a private address')
}
