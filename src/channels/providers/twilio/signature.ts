import { hmacOf, sameText, sha256Hex, toBase64 } from '../../signing.ts'

export type SignedRequest = {
  /** As the vendor called it, query and all. */
  readonly url: string
  readonly body: Uint8Array
  /** The body's fields; undefined for a body of another type, whose hash is in the query instead. */
  readonly form: URLSearchParams | undefined
}

/** `X-Twilio-Signature`: HMAC-SHA1 over the URL and the fields by name, a name's different values by value. */
export function twilioSignature(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort()
  const fields = names.flatMap((name) =>
    [...new Set(form.getAll(name))].sort().map((value) => name + value),
  )
  return toBase64(hmacOf('sha1', authToken, url + fields.join('')))
}

/** Whether the vendor signed this request. It signs the URL with or without its port, and we are configured with one of the two. */
export function isSignedByTwilio(
  { url, body, form }: SignedRequest,
  signature: string | null,
  authToken: string,
): boolean {
  if (form === undefined && bodyHashIn(url) !== sha256Hex(body)) return false
  const fields = form ?? new URLSearchParams()
  return spellingsOf(url).some((spelling) =>
    sameText(signature, twilioSignature(authToken, spelling, fields)),
  )
}

const bodyHashIn = (url: string): string | null => new URL(url).searchParams.get('bodySHA256')

function spellingsOf(url: string): readonly string[] {
  const { origin, protocol, port } = new URL(url)
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/, '')
  const bare = port === '' ? origin : origin.slice(0, -port.length - 1)
  const standard = protocol === 'https:' ? '443' : '80'
  return [`${bare}${rest}`, `${bare}:${port === '' ? standard : port}${rest}`]
}
