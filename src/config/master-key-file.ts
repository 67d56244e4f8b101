import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MASTER_KEY_BYTES, MasterKeyError } from '../platform/vault.ts'

const FILE = 'master.key'

/** The key of the data directory, made at first start; only its owner may read the file. Throws `MasterKeyError` for a file that holds none. */
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
