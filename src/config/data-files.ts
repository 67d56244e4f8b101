import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPack, type Pack } from '../risk/data-pack.ts'
import { type NetworkIndex, networkIndex } from '../risk/network-index.ts'
import { phoneIndex } from '../risk/phone-index.ts'
import type { PhoneData } from '../risk/signals.ts'

export const NETWORK_FILE = 'network.bin'
export const PHONE_FILE = 'phones.bin'
/** Where the data files are built and looked for: `dist/data` of this project. */
export const DATA_DIR = fileURLToPath(new URL('../../dist/data', import.meta.url))

/** Thrown at start, with one line that says what to run. */
export class DataFilesError extends Error {
  override readonly name = 'DataFilesError'
}

/** What the data files know. On Workers there are none, and these facts come from the edge or stay unknown. */
export type OpenedData = { readonly phones: PhoneData; readonly networks: NetworkIndex }

/** Reads both files of `dir` whole; nothing in them is parsed but their headers. Throws `DataFilesError`. */
export function openData(dir: string = DATA_DIR): OpenedData {
  return {
    phones: phoneIndex(readPack(join(dir, PHONE_FILE))),
    networks: networkIndex(readPack(join(dir, NETWORK_FILE))),
  }
}

function readPack(path: string): Pack {
  const pack = openPack(readBytes(path).buffer)
  if (pack === undefined) {
    throw new DataFilesError(
      `${path} is damaged or of another version. Build it with: npm run data`,
    )
  }
  return pack
}

function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = readFileSync(path)
    // Typed arrays need their own buffer that starts at 0; Node gives small files a part of a shared one.
    return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
      ? bytes
      : new Uint8Array(bytes)
  } catch {
    throw new DataFilesError(`${path} is missing. Build it with: npm run data`)
  }
}
