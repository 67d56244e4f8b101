import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { CodeSend } from '../domain/send.ts'
import type { Verification, VerificationStatus } from '../domain/verification.ts'
import type { ClientInput } from '../risk/signals.ts'
import type { Service } from '../tenancy/tenancy.ts'

/** A login flow asks for a code. The door has checked shapes; the phone is still text. */
export type StartCommand = {
  readonly accountId: AccountId
  readonly service: Service
  readonly to: string
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly locale: string | undefined
  readonly codeLength: number | undefined
  readonly client: ClientInput
  /** A solved challenge as the client sent it. */
  readonly challenge: unknown
  readonly amount: string | undefined
  readonly payee: string | undefined
  readonly metadata: Readonly<Record<string, string>> | undefined
}

/** A refusal is stored and answered with its verification, so that the caller can look the decision up. */
export type Started =
  | { readonly kind: 'sent'; readonly verification: Verification; readonly send: CodeSend }
  | { readonly kind: 'blocked'; readonly verification: Verification }
  | { readonly kind: 'challenge'; readonly verification: Verification; readonly challenge: object }
  | {
      readonly kind: 'limited'
      readonly verification: Verification
      readonly retryAfterSeconds: number
    }

export type ResendCommand = Pick<StartCommand, 'accountId' | 'client' | 'challenge'> & {
  readonly id: Verification['id']
}

export type Resending =
  | Started
  | { readonly kind: 'missing' }
  | { readonly kind: 'closed'; readonly status: VerificationStatus }
  | { readonly kind: 'sends_exhausted' }

export type CheckCommand = {
  readonly accountId: AccountId
  readonly id: Verification['id']
  readonly code: string
  readonly amount: string | undefined
  readonly payee: string | undefined
  /** Address of the person who typed the code, where the caller tells it. */
  readonly ip: string | undefined
}

export type CheckResult =
  | { readonly kind: 'approved'; readonly verification: Verification }
  | {
      readonly kind: 'wrong_code'
      readonly verification: Verification
      readonly attemptsLeft: number
    }
  | {
      readonly kind: 'closed'
      readonly verification: Verification
      readonly status: VerificationStatus
    }
  | { readonly kind: 'missing' }
