import type { SendId } from '../domain/ids.ts'
import type { Currency, Micros } from '../domain/money.ts'
import type { SendStatus } from '../domain/send.ts'

/** What we know of a message that a provider has. */
export type SentRecord = {
  readonly id: SendId
  readonly providerMessageId: string | undefined
  readonly createdAtMs: number
  readonly status: SendStatus
  readonly segments: number | undefined
  /** As the provider reported it, else as costs/ has it; undefined where neither says anything. */
  readonly cost: Micros | undefined
  /** Undefined for a cost of routes.yaml, which names none: then it is whatever it is compared with. */
  readonly currency: Currency | undefined
}

export interface SentRecordStore {
  /** Those of a provider with these ids of its own, or these of ours. */
  named(
    providerId: string,
    names: { readonly ids: readonly string[]; readonly references: readonly SendId[] },
  ): Promise<readonly SentRecord[]>
  /** Messages made within a span that the provider took, oldest first, from behind `after`. */
  accepted(
    providerId: string,
    page: {
      readonly fromMs: number
      readonly toMs: number
      readonly after: SendId | undefined
      readonly limit: number
    },
  ): Promise<readonly SentRecord[]>
}
