import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MASTER_KEY_BYTES } from '../platform/vault.ts'

const FILE = 'master.key'

/** Thrown at start, with one line that says what is wrong with the file. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError'
}

/** The key of the data directory, made at first start; only its owner may read the file. */
export async function masterKeyOf(
  dataDir: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const path = join(dataDir, FILE)
  const made = Buffer.from(randomBytes(MASTER_KEY_BYTES)).toString('base64')
  try {
    await writeFile(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const bytes = new Uint8Array(Buffer.from((await readFile(path, 'utf8')).trim(), 'base64'))
  if (bytes.length === MASTER_KEY_BYTES) return bytes
  throw new MasterKeyError(`${path} does not hold ${MASTER_KEY_BYTES} bytes in base64`)
}
