import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isSignedByMessageBird } from './signature.ts'

type Vector = {
  readonly name: string
  readonly secret?: string
  readonly url: string
  readonly payload?: string
  readonly timestamp: string
  readonly token: string
  readonly valid: boolean
}
/** Published by the vendor with its SDK. */
const PUBLISHED = 'node_modules/messagebird/lib/testdata/webhook-signature-jwt-reference.json'
const vectors = JSON.parse(readFileSync(PUBLISHED, 'utf8')) as readonly Vector[]

test('all 44 published vectors are there', () => {
  expect(vectors).toHaveLength(44)
})

test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const { secret = '', url, payload = '', timestamp, token, valid } = vector
  const headers = new Headers({ 'messagebird-signature-jwt': token })
  const body = new TextEncoder().encode(payload)
  expect(isSignedByMessageBird({ url, headers, body }, secret, Date.parse(timestamp))).toBe(valid)
})

test('without a token nothing is believed', () => {
  const request = { url: 'https://example.com/', headers: new Headers(), body: new Uint8Array() }
  expect(isSignedByMessageBird(request, 'key', 0)).toBe(false)
})
