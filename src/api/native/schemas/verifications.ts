import * as z from 'zod'
import { CHANNELS } from '../../../domain/channel.ts'
import { OUTCOMES } from '../../../domain/decision.ts'
import { SEND_STATUSES } from '../../../domain/send.ts'
import { VERIFICATION_STATUSES } from '../../../domain/verification.ts'
import { decisionSummary } from './decisions.ts'
import { sendErrorAnswer } from './send-error.ts'
import {
  countParameter,
  countryText,
  cursorParameter,
  idText,
  instant,
  instantInput,
  ipText,
  line,
  nextCursor,
  phoneParameter,
} from './texts.ts'

const METADATA_PAIRS_MAX = 20

const metadata = z
  .record(line(40), line(200))
  .refine(
    (pairs) => Object.keys(pairs).length <= METADATA_PAIRS_MAX,
    `must have at most ${METADATA_PAIRS_MAX} pairs`,
  )
  .meta({ description: 'Your own words, kept with the verification.', example: { order: '1042' } })

const amount = line(64).meta({
  description: 'PSD2 dynamic linking: the code is good for this amount only.',
  example: '49.90 EUR',
})
const payee = line(140).meta({
  description: 'PSD2 dynamic linking: the code is good for this payee only.',
  example: 'Example Books Ltd',
})

/** The person who will get the code, as seen by the tenant's own server. */
export const clientSchema = z
  .strictObject({
    ip: ipText.optional(),
    user_agent: line(1024).optional(),
    accept_language: line(256).optional(),
    client_hints: z
      .strictObject({ mobile: line(16).optional(), platform: line(64).optional() })
      .optional()
      .meta({
        description: 'Values of `Sec-CH-UA-Mobile` and `Sec-CH-UA-Platform`.',
        example: { mobile: '?1', platform: 'Android' },
      }),
    device_id: line(128).optional(),
    ja4: line(64).optional(),
    session_age_ms: z
      .number()
      .min(0)
      .max(31_622_400_000)
      .optional()
      .meta({ description: 'From page load to this request.' }),
    network: z
      .strictObject({
        country: countryText.optional(),
        asn: z.int().min(0).max(4_294_967_295).optional(),
      })
      .optional()
      .meta({ description: 'What your edge knows of `ip`; looked up when absent.' }),
  })
  .meta({
    id: 'Client',
    description:
      'The person who gets the code, as your server sees them. Leave it out for a call with no person behind it: the address of your server is never taken for theirs.',
  })

/** A solved challenge: the widget's base64 text, or the same thing as JSON. */
const challengeSolution = z
  .union([
    z
      .string()
      .max(8192)
      .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'must be base64'),
    z.looseObject({ challenge: z.looseObject({}), solution: z.looseObject({}) }),
  ])
  .meta({
    id: 'ChallengeSolution',
    description: 'What the ALTCHA widget hands over for a challenge that was solved.',
  })

export const startBody = z
  .strictObject({
    to: line(64).meta({ description: 'E.164.', example: '+447400123456' }),
    channel: z.enum(CHANNELS).default('sms'),
    service: idText('VA').optional(),
    purpose: line(64).optional().meta({ example: 'login' }),
    locale: z
      .string()
      .max(35)
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 language tag')
      .optional()
      .meta({ example: 'en-GB' }),
    code_length: z.int().min(4).max(10).optional(),
    client: clientSchema.optional(),
    challenge: challengeSolution.optional(),
    amount: amount.optional(),
    payee: payee.optional(),
    metadata: metadata.optional(),
  })
  .meta({
    id: 'StartVerification',
    example: {
      to: '+447400123456',
      purpose: 'login',
      client: { ip: '203.0.113.7', user_agent: 'Mozilla/5.0', accept_language: 'en-GB' },
    },
  })

export const resendBody = z
  .strictObject({ client: clientSchema.optional(), challenge: challengeSolution.optional() })
  .meta({ id: 'ResendVerification', example: {} })

export const checkBody = z
  .strictObject({
    code: z.string().regex(/^\d{4,10}$/, 'must be 4 to 10 digits'),
    amount: amount.optional(),
    payee: payee.optional(),
    client: z
      .strictObject({ ip: ipText.optional() })
      .optional()
      .meta({
        description: 'Who typed the code. A code typed from another network proves less.',
        example: { ip: '198.51.100.7' },
      }),
  })
  .meta({ id: 'CheckVerification', example: { code: '123456' } })

export const emptyBody = z.strictObject({}).meta({ id: 'Empty', example: {} })

export const sendSummary = z
  .strictObject({
    id: idText('VL'),
    status: z.enum(SEND_STATUSES),
    channel: z
      .enum(CHANNELS)
      .meta({ description: 'Another than was asked for where it took over.' }),
    error: sendErrorAnswer.optional().meta({
      description:
        'Why it failed, did not arrive, or may not have left. Absent while nothing went wrong, and gone once it arrived.',
    }),
  })
  .meta({ id: 'SendSummary' })

export const verificationAnswer = z
  .strictObject({
    id: idText('VE'),
    status: z.enum(VERIFICATION_STATUSES),
    to: z.string().meta({ description: 'Masked.', example: '+447******456' }),
    channel: z.enum(CHANNELS),
    service: idText('VA'),
    purpose: z.string().optional(),
    locale: z.string().optional(),
    amount: z.string().optional(),
    payee: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    created_at: instant,
    expires_at: instant,
    closed_at: instant.optional(),
    attempts_left: z.int().min(0),
    sends_left: z.int().min(0),
    decision: decisionSummary,
    send: sendSummary.optional().meta({ description: 'The latest send; absent when nothing was.' }),
  })
  .meta({ id: 'Verification' })

export const verificationPage = z
  .strictObject({ verifications: z.array(verificationAnswer), next_cursor: nextCursor })
  .meta({ id: 'VerificationPage' })

export const checkAnswer = z
  .strictObject({
    id: idText('VE'),
    status: z.enum(VERIFICATION_STATUSES),
    valid: z.boolean().meta({ description: 'Whether this very code let the person in.' }),
    attempts_left: z.int().min(0),
  })
  .meta({ id: 'CheckAnswer' })

export const cancelAnswer = z
  .strictObject({ id: idText('VE'), status: z.literal('canceled') })
  .meta({ id: 'CancelAnswer' })

export const verificationParams = z.strictObject({ id: idText('VE') })

export const verificationQuery = z.strictObject({
  to: phoneParameter.optional(),
  status: z.enum(VERIFICATION_STATUSES).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  service: idText('VA').optional(),
  from: instantInput.optional().meta({ description: 'Created at or after this instant.' }),
  to_time: instantInput.optional().meta({ description: 'Created before this instant.' }),
  cursor: cursorParameter('VE').optional(),
  limit: countParameter(100, 20),
})
