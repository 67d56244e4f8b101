import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../domain/ids.ts'

/** Hex digits enough to tell versions of one thing apart; not for secrets. */
export const shortHash = (text: string, bytes: number): string =>
  toHex(sha256(new TextEncoder().encode(text)).subarray(0, bytes))
