import * as z from 'zod'
import { timeoutSetting } from '../../provider-settings.ts'
import { bodyTemplateSchema } from './request-body.ts'

const HEADERS_MAX = 32

/** These belong to the connection or to us; the runtime would refuse or silently drop them. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'expected a header name')
  .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'this header cannot be set')
const headerValue = z
  .string()
  .max(4096)
  .regex(/^[\x20-\x7e]*$/, 'expected printable ASCII')
const secret = z
  .string()
  .max(256)
  .regex(/^[\x21-\x7e]+$/, 'expected printable ASCII without spaces')

/** The address is the operator's own word, so local hosts are fine; secrets go into headers, never into the address. */
const endpoint = z
  .string()
  .max(2048)
  .superRefine((text, context) => {
    const problem = endpointProblem(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

export const httpSettingsSchema = z.strictObject({
  url: endpoint,
  headers: z
    .record(headerName, headerValue)
    .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, `at most ${HEADERS_MAX}`)
    .default({}),
  timeout_ms: timeoutSetting,
  /** What a receipt must carry in `x-receipt-token`; without it receipts are refused. */
  receipt_token: secret.optional(),
  /** The sender where the service names none. */
  from: z
    .string()
    .regex(/^[\x20-\x7e]{1,20}$/, 'expected a sender of up to 20 characters')
    .optional(),
  body: bodyTemplateSchema.optional(),
})
export type HttpSettings = z.infer<typeof httpSettingsSchema>

function endpointProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return 'expected an absolute http or https URL'
  }
  if (url.username !== '' || url.password !== '') {
    return 'expected a URL without credentials; put them into headers'
  }
  return url.hash === '' ? undefined : 'expected a URL without a fragment'
}
