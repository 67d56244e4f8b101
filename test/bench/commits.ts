import { readFile } from 'node:fs/promises'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

export type WalState = { readonly salt: string; readonly commits: number }

/**
 * Write transactions in a write-ahead log: frames that carry a database size end one, and only frames with the log's own
 * salt are part of it (https://www.sqlite.org/fileformat2.html#walformat).
 */
export async function commitsOf(walPath: string): Promise<WalState> {
  const bytes = await readFile(walPath)
  const pageBytes = bytes.readUInt32BE(8)
  const salt = bytes.subarray(16, 24).toString('hex')
  let commits = 0
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  for (let at = HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    if (bytes.subarray(at + 8, at + 16).toString('hex') !== salt) break
    if (bytes.readUInt32BE(at + 4) > 0) commits++
  }
  return { salt, commits }
}
