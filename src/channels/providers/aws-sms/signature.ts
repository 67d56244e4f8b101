import { AwsV4Signer } from 'aws4fetch'

export type AwsRequest = {
  readonly url: string
  /** All of them are signed, and the host and the time besides. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly nowMs: number
}

export type AwsKey = {
  readonly id: string
  readonly secret: string
  readonly sessionToken?: string | undefined
  readonly region: string
}

/** The headers of a POST with its Signature Version 4, its time and, for temporary keys, its token. */
export async function signedHeaders(
  { url, headers, body, nowMs }: AwsRequest,
  { id, secret, sessionToken, region }: AwsKey,
): Promise<Headers> {
  const signer = new AwsV4Signer({
    method: 'POST',
    url,
    headers: { ...headers },
    body,
    accessKeyId: id,
    secretAccessKey: secret,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 'sms-voice',
    region,
    datetime: new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    allHeaders: true,
  })
  return (await signer.sign()).headers
}
