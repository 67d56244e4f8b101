import type { ReceiptRequest } from '../../provider.ts'
import { hmacOf, sameText, toBase64 } from '../../signing.ts'

export type PlivoTokens = {
  readonly authToken: string
  /** The main account's, which may be the same. */
  readonly mainAuthToken: string
}
type Signed = Pick<ReceiptRequest, 'method' | 'url' | 'headers'> & {
  readonly form: URLSearchParams
}

/** Version 3: by the token of the account that sent, or by that of its main account; a header may list several. */
export function isSignedByPlivo(request: Signed, tokens: PlivoTokens): boolean {
  const { headers } = request
  const nonce = headers.get('x-plivo-signature-v3-nonce')
  if (nonce === null) return false
  const text = `${signedText(request)}.${nonce}`
  const isBy = (header: string, token: string): boolean => {
    const expected = toBase64(hmacOf('sha256', token, text))
    const listed = headers.get(header)?.split(',') ?? []
    return listed.some((one) => sameText(one.trim(), expected))
  }
  return (
    isBy('x-plivo-signature-v3', tokens.authToken) ||
    isBy('x-plivo-signature-ma-v3', tokens.mainAuthToken)
  )
}

/** The address with its query in order, then the fields of the body in order and run together. */
function signedText({ method, url, form }: Signed): string {
  const { origin, pathname, searchParams } = new URL(url)
  const query = inOrder(searchParams).map(([name, value]) => `${name}=${value}`)
  const fields = method === 'POST' ? inOrder(form).map(([name, value]) => name + value) : []
  const hasBoth = query.length > 0 && fields.length > 0
  const hasAny = query.length > 0 || fields.length > 0
  const mark = hasAny ? '?' : ''
  return `${origin}${pathname}${mark}${query.join('&')}${hasBoth ? '.' : ''}${fields.join('')}`
}

/** By name, then by value; by their UTF-16 units, as the vendor does. */
const inOrder = (fields: URLSearchParams): readonly (readonly [string, string])[] =>
  [...fields].sort(
    ([leftName, left], [rightName, right]) => compare(leftName, rightName) || compare(left, right),
  )

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
