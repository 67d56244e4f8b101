import { type Decision, TEST_NUMBER_REASON } from '../domain/decision.ts'
import { newId } from '../domain/ids.ts'
import { ZERO } from '../domain/money.ts'
import type { Rate } from '../domain/rate.ts'
import type { CodeSend } from '../domain/send.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import type { Service, TestNumber } from '../tenancy/tenancy.ts'
import type { CheckCommand, Started } from './commands.ts'
import type { House } from './house.ts'
import { draftSend } from './send-code.ts'

/** The service's test number with this phone, if it has one. */
export const testNumberOf = (
  { testNumbers }: Pick<Service, 'testNumbers'>,
  phone: string,
): TestNumber | undefined => testNumbers.find((number) => number.phone === phone)

/** Allowed without a look: nobody scores a monitor, and its requests must not teach the counters anything. */
export const testDecision = (house: Pick<House, 'platform' | 'policy'>): Decision => ({
  id: newId('DE', house.platform),
  outcome: 'allow',
  policyOutcome: 'allow',
  score: 0,
  reasons: [
    {
      code: TEST_NUMBER_REASON,
      detail: 'A test number of this service: nothing is sent, charged, limited or counted.',
    },
  ],
  hits: [],
  features: { catalogue: '', known: {}, unknown: [] },
  rulesVersion: house.policy().ruleSet.version,
  modelVersion: 'none',
  challengePassed: false,
  stop: undefined,
})

/** Keeps it to be checked. It counts as matured, so that its silence is never taken for an unanswered code. */
export async function openTest(
  house: Pick<House, 'platform' | 'verifications'>,
  drafted: Verification,
): Promise<Started> {
  const verification: Verification = { ...drafted, matured: true }
  await house.verifications.refuse(verification)
  return { kind: 'sent', verification, send: testSend(house, verification) }
}

const FREE: Omit<Rate, 'country'> = {
  market: 'international',
  kind: 'otp',
  segments: 1,
  unitPrice: ZERO,
  billOn: 'accepted',
  tiers: undefined,
}

/** What a caller is shown of a message that nobody sent; no outbox has it. */
export const testSend = (house: Pick<House, 'platform'>, verification: Verification): CodeSend => ({
  ...draftSend(house, verification, {
    ...FREE,
    country: verification.traffic.country,
  }),
  price: ZERO,
  status: 'delivered',
})

/**
 * The code that lets this check in: for a test number its fixed one, for what the verification was asked for. A number that is no
 * test number any more has a code that nobody knows.
 */
export async function expectedCode(
  house: Pick<House, 'codes' | 'tenancy'>,
  verification: Verification,
  command: CheckCommand,
): Promise<string> {
  const derived = house.codes.codeOf(verification, verification.sends, command)
  if (!isTest(verification)) return derived
  const { accountId, serviceId, phone, amount, payee } = verification
  const service = await house.tenancy.service(accountId, serviceId)
  const number = service && testNumberOf(service, phone)
  const bound = amount === command.amount && payee === command.payee
  return number !== undefined && bound ? number.code : derived
}
