import * as z from 'zod'
import { CHANNELS } from '../domain/channel.ts'

const instant = z.int().nonnegative()
const ref = z.string().min(1).max(200)
const text = z.string().max(4_000).nullish()

const issueSchema = z.object({
  type: z.literal('issue'),
  t: instant,
  ref,
  tenant: z.string().min(1).max(200),
  to: z.string().max(40),
  channel: z.enum(CHANNELS),
  purpose: text,
  ip: text,
  network: z.object({ country: z.string().nullish(), asn: z.int().nullish() }).nullish(),
  user_agent: text,
  accept_language: text,
  client_hints: z
    .object({ mobile: z.string().nullish(), platform: z.string().nullish() })
    .nullish(),
  device_id: text,
  ja4: text,
  session_age_ms: z.number().nonnegative().nullish(),
  solves_challenge: z.boolean(),
  test_number: z.boolean().nullish(),
})
/** One line of a recording. */
export const eventSchema = z.discriminatedUnion('type', [
  issueSchema,
  z.object({ type: z.literal('check'), t: instant, ref, correct: z.boolean(), ip: text }),
  z.object({
    type: z.literal('delivery'),
    t: instant,
    ref,
    status: z.enum(['delivered', 'undelivered']),
  }),
  z.object({ type: z.literal('completed'), t: instant, ref }),
  z.object({ type: z.literal('report'), t: instant, ref, label: z.enum(['fraud', 'legit']) }),
])
export type WireEvent = z.infer<typeof eventSchema>
export type WireIssue = z.infer<typeof issueSchema>
