import { Webhook as Signer } from 'standardwebhooks'
import type { EventId } from '../domain/ids.ts'
import type { Webhook } from './webhook.ts'

/**
 * The headers of one request as Standard Webhooks defines them: an id that stays the same in every try, the time of this try in
 * seconds, and a signature by each secret that is good at that time.
 */
export function signedHeaders(
  webhook: Pick<Webhook, 'secret' | 'oldSecret'>,
  { id, body, atMs }: { readonly id: EventId; readonly body: string; readonly atMs: number },
): Readonly<Record<string, string>> {
  const sentAt = new Date(atMs)
  const signatures = secretsAt(webhook, atMs).map((secret) =>
    new Signer(secret).sign(id, sentAt, body),
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

function secretsAt(
  { secret, oldSecret }: Pick<Webhook, 'secret' | 'oldSecret'>,
  atMs: number,
): readonly string[] {
  return oldSecret !== undefined && atMs < oldSecret.untilMs ? [secret, oldSecret.secret] : [secret]
}
