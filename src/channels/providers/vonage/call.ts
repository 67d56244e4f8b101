import { refused, type Unaccepted } from '../../../domain/send.ts'
import type { Platform } from '../../../platform/platform.ts'
import { basicAuthorization } from '../../signing.ts'
import { callInJson, type VendorAnswer, type VendorCaller } from '../../vendor-call.ts'
import type { VonageSettings } from './settings.ts'
import { applicationToken, importPrivateKey } from './token.ts'

export type Caller = VendorCaller<VonageSettings> & {
  readonly platform: Pick<Platform, 'randomBytes'>
  /** Made once; undefined where there are no calls. */
  readonly key: () => Promise<CryptoKey | undefined>
}

type VonageRequest = {
  readonly url: string
  /** Of a POST; a GET has none. */
  readonly json?: unknown
}

/** One call under the account's key and secret. */
export function callAccount(caller: Caller, request: VonageRequest, deadlineMs: number) {
  const { api_key, api_secret } = caller.settings
  const authorization = basicAuthorization(api_key, api_secret)
  return callAs(caller, { ...request, authorization }, deadlineMs)
}

/** One call under the application's token, which the Voice API wants. */
export async function callApplication(
  caller: Caller,
  request: VonageRequest,
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  const key = await caller.key()
  const id = caller.settings.voice?.application_id
  if (key === undefined || id === undefined) return refused('credentials', 'bad_private_key')
  const token = await applicationToken({ id, key }, caller.platform)
  return callAs(caller, { ...request, authorization: `Bearer ${token}` }, deadlineMs)
}

function callAs(
  caller: Caller,
  { url, json, authorization }: VonageRequest & { readonly authorization: string },
  deadlineMs: number,
): Promise<VendorAnswer | Unaccepted> {
  return callInJson(caller, { url, headers: { authorization }, body: json }, deadlineMs)
}

/**
 * The key, made by the first who asks; undefined for one that is no RSA key. The key itself is kept and not the promise of it: on
 * Workers a promise belongs to the request that began it.
 */
export function keyOnce(pem: string | undefined): Caller['key'] {
  let key: CryptoKey | undefined
  return async () => {
    if (pem === undefined) return undefined
    key ??= await importPrivateKey(pem).catch(() => undefined)
    return key
  }
}
