import * as z from 'zod'
import { TIMEOUT_DEFAULT_MS, TIMEOUT_MAX_MS } from './vendor-call.ts'

/** Settings that many kinds have. Secrets come as `${NAME}` and are checked after they were put in. */
export const secretSetting = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'expected printable ASCII without spaces')

export const timeoutSetting = z.int().min(10).max(TIMEOUT_MAX_MS).default(TIMEOUT_DEFAULT_MS)

/** The last word of the callback path, for vendors that sign nothing: long, since it is all that proves them. */
export const receiptTokenSetting = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,128}$/, 'expected 16 to 128 letters, digits, _ and -')

/** A text for a vendor's field, such as a signature. */
export const lineSetting = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^\P{Cc}*$/u, 'expected a text without control characters')

/** The sender of a text message. */
export const senderSetting = z
  .string()
  .regex(
    /^(\+[1-9]\d{6,14}|\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ._&-]{1,11})$/,
    'expected a number, a short code or a name of up to 11 letters',
  )

/** An address that goes in a URL's host, such as a vendor's region. */
export const regionSetting = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected a region such as eu-central-1')

/**
 * The origin of another server than the vendor's own: a gateway in between, or a test. It is the operator's own word, so
 * local hosts are fine. Without a slash at its end.
 */
export const endpointSetting = z
  .string()
  .max(2048)
  .superRefine((text, context) => {
    const problem = originProblem(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

function originProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return 'expected an absolute http or https URL'
  }
  if (url.username !== '' || url.password !== '') return 'expected a URL without credentials'
  return text === url.origin ? undefined : 'expected a scheme, a host and at most a port'
}
