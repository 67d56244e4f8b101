import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hands } from './cli/command.ts'
import type { Log } from './platform/platform.ts'
import { CATALOGUE_ID, MODEL_FEATURES } from './risk/feature-catalogue.ts'
import { type Model, readModel } from './risk/model/model.ts'
import { ModelRefused } from './risk/model/refusals.ts'

/** The model that decides and the one on trial; undefined where there is no such file. */
export type RunningModels = {
  readonly model: Model | undefined
  readonly challenger: Model | undefined
}

/** The files of both. */
export type ModelPlaces = { readonly model: string; readonly challenger: string }

const MODEL_FILE = 'models/forest.json'
const CHALLENGER_FILE = 'models/challenger.json'

/** A challenger's own folder holds its model under the name that models have. */
export function modelPlacesOf({ home }: Hands, challengerDir: string | undefined): ModelPlaces {
  return {
    model: fileURLToPath(new URL(MODEL_FILE, home)),
    challenger:
      challengerDir === undefined
        ? fileURLToPath(new URL(CHALLENGER_FILE, home))
        : join(resolve(challengerDir), 'forest.json'),
  }
}

/** At the start: throws `ModelRefused` for a file that is there and cannot run. */
export async function readModels(places: ModelPlaces): Promise<RunningModels> {
  const [model, challenger] = await Promise.all([
    readModelFile(places.model),
    readModelFile(places.challenger),
  ])
  return { model, challenger }
}

/**
 * While the server runs: what cannot be read is named in the log and what runs goes on. A model whose file is gone runs on as well;
 * a challenger whose file is gone has ended its trial. Never throws.
 */
export async function rereadModels(
  places: ModelPlaces,
  running: RunningModels,
  log: Log,
): Promise<RunningModels> {
  const read = async (file: string, now: Model | undefined) => {
    try {
      const next = await readModelFile(file)
      if (next !== undefined && next.version !== now?.version)
        log.info('model.loaded', { file, version: next.version })
      return next
    } catch (error) {
      const reason = error instanceof ModelRefused ? error.message : 'it cannot be read'
      log.error('model.refused', { file, reason, running: now?.version ?? 'none' })
      return now
    }
  }
  const model = (await read(places.model, running.model)) ?? running.model
  return { model, challenger: await read(places.challenger, running.challenger) }
}

/** Undefined where there is no such file. Throws `ModelRefused`, with the file, where it cannot run. */
export async function readModelFile(file: string): Promise<Model | undefined> {
  if (!existsSync(file)) return undefined
  const text = await readFile(file, 'utf8')
  try {
    return readModel(text, { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID })
  } catch (error) {
    if (!(error instanceof ModelRefused)) throw error
    throw new ModelRefused(`${file}: ${error.message}`)
  }
}
