import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Hands } from '../../src/cli/command.ts'
import { modelPlacesOf, readModels } from '../../src/node-models.ts'
import { followPolicy, type PolicySource, readPolicy } from '../../src/node-policy.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import { tinyModelText } from './tiny-model.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))

/** A program's folder with a model, a rules folder, and a policy that follows both. */
export async function followFolder(challengerDir?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-'))
  const rules = join(folder, 'rules')
  await mkdir(join(folder, 'models'))
  await cp(RULES, rules, { recursive: true })
  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await write('models/forest.json', tinyModelText('session.age_ms', 5, 'forest-first'))
  const logs: string[] = []
  const at = (event: string, fields: object = {}) => {
    logs.push(JSON.stringify({ event, ...fields }))
  }
  const log = { info: at, warn: at, error: at }
  const platform = virtualPlatform({ clock: virtualClock(0), dice: seededDice(1), log })
  const home = pathToFileURL(`${folder}/`)
  const nothing = (): never => {
    throw new Error('not for this test')
  }
  const hands: Hands = {
    out: () => {},
    err: () => {},
    home,
    environment: {},
    serve: nothing,
    migrate: nothing,
    openReplay: nothing,
    openBooks: nothing,
  }
  const networks = { asnOf: () => undefined, countryOf: () => undefined }
  const models = modelPlacesOf(hands, challengerDir && join(folder, challengerDir))
  const open = async () => {
    const { model, challenger } = await readModels(models)
    const source: PolicySource = {
      folder: rules,
      hands,
      networks,
      model,
      models,
      challengerModel: challenger,
      challengerDir: challengerDir && join(folder, challengerDir),
    }
    const sandbox = { put: async () => {}, list: async () => [] }
    const live = followPolicy(source, await readPolicy(source), { platform, sandbox })
    onTestFinished(() => live.close())
    return live
  }
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return { open, write, remove: (path: string) => rm(join(folder, path)), logs }
}
