import type { BatchText } from '../../domain/batch.ts'
import type { Phone } from '../../domain/phone.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row } from '../database.ts'

/** What is personal of a message of a batch. */
export type PrivateMessage = Pick<BatchText, 'variables' | 'body'> & {
  readonly phone: Phone
  /** The caller's own name of it. */
  readonly reference: string | undefined
}

const contextOf = (id: string): string => `batch-message:${id}`

export const sealMessage = (vault: Vault, id: string, message: PrivateMessage): string =>
  vault.seal(JSON.stringify(message), contextOf(id))

export function openMessage(vault: Vault, id: string, sealed: string): PrivateMessage {
  const stored = JSON.parse(vault.open(sealed, contextOf(id))) as PrivateMessage
  const { phone, variables, body, reference } = stored
  return { phone, variables, body, reference }
}

export const messagePhoneOf = (vault: Vault, id: string, sealed: string): Phone =>
  openMessage(vault, id, sealed).phone

/** From a row of the message with `template`, `locale` and `canceled_at_ms` of its batch. */
export function toBatchText(vault: Vault, row: Row): BatchText & { readonly phone: Phone } {
  const { phone, variables, body } = openMessage(
    vault,
    row.id as string,
    row.private_sealed as string,
  )
  return {
    phone,
    template: row.template as string,
    locale: row.locale as string,
    variables,
    body,
    isCanceled: row.canceled_at_ms !== null,
  }
}
