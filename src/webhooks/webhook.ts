import { type AccountId, type IdSource, newId, type WebhookId } from '../domain/ids.ts'
import type { EventPattern } from './event-types.ts'

export const WEBHOOKS_MAX = 20
/** What Standard Webhooks asks for: 24 to 64 bytes. */
const SECRET_BYTES = 32

/** asked: by the account; gone: the receiver answered 410; failing: nothing arrived for days. */
export type DisabledReason = 'asked' | 'gone' | 'failing'

/** Where an account wants to be told of what happens. */
export type Webhook = {
  readonly id: WebhookId
  readonly accountId: AccountId
  readonly url: string
  readonly description: string | undefined
  readonly types: readonly EventPattern[]
  /** Undefined while it is enabled. */
  readonly disabled: { readonly reason: DisabledReason; readonly atMs: number } | undefined
  /** The first failure since something arrived. */
  readonly failingSinceMs: number | undefined
  readonly secret: string
  /** The secret before, with which everything is signed as well until then. */
  readonly oldSecret: { readonly secret: string; readonly untilMs: number } | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}
export type WebhookKey = Pick<Webhook, 'accountId' | 'id'>
export type WebhookSettings = Pick<Webhook, 'url' | 'description' | 'types'> & {
  readonly enabled: boolean
}

/** `whsec_` and 32 random bytes in base64, as Standard Webhooks writes a secret. */
export const newSecret = ({ randomBytes }: Pick<IdSource, 'randomBytes'>): string =>
  `whsec_${btoa(String.fromCharCode(...randomBytes(SECRET_BYTES)))}`

export function makeWebhook(
  ids: IdSource,
  accountId: AccountId,
  { enabled, ...settings }: WebhookSettings,
): Webhook {
  const nowMs = ids.nowMs()
  return {
    id: newId('WH', ids),
    accountId,
    ...settings,
    disabled: enabled ? undefined : { reason: 'asked', atMs: nowMs },
    failingSinceMs: undefined,
    secret: newSecret(ids),
    oldSecret: undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}
