import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writePriceCsv } from '../billing/price-csv.ts'
import { NODE_KINDS } from '../channels/kinds-node.ts'
import { formatMistake, type Mistake, type Parsed } from '../config/mistake.ts'
import { PRICE_FILE } from '../config/price-files.ts'
import { readTexts } from '../config/rules-files.ts'
import { parseRulesFolder, type RulesFolder } from '../config/rules-folder.ts'
import { readRulesFiles } from '../config/yaml-file.ts'
import { type Hands, type Invocation, textOption, UsageError } from './command.ts'
import { marginLines } from './prices/margins.ts'

const EXIT_WRONG = 1
const PRICES = 'prices/'

/** `tollgate prices export | import FILE.csv | margins` */
export async function pricesCommand({ hands, positionals, values }: Invocation): Promise<number> {
  const [verb, file] = positionals
  const asked = typeof values.rules === 'string' ? values.rules : undefined
  const folder = asked ?? hands.environment.TOLLGATE_RULES_DIR ?? 'rules'
  if (verb === 'import') {
    if (file === undefined) throw new UsageError('import takes a file of prices')
    return importPrices(hands, { folder, file, only: values.only === true })
  }
  if (file !== undefined) throw new UsageError(`${verb} takes no file`)
  const parsed = parse(await textsOf(folder), hands)
  if (parsed.kind === 'wrong') return tell(hands, folder, parsed.mistakes)
  if (verb === 'margins') return print(hands, marginLines(parsed.value))
  if (verb !== 'export') throw new UsageError(`there is no 'prices ${verb}'`)
  const csv = writePriceCsv(parsed.value.prices?.rows ?? [])
  const out = textOption({ hands, positionals, values }, 'out')
  if (out === undefined) hands.out(csv)
  else await writeFile(out, csv)
  return 0
}

const print = (hands: Hands, lines: readonly string[]): number => {
  hands.out(lines.map((line) => `${line}\n`).join(''))
  return 0
}

type Import = { readonly folder: string; readonly file: string; readonly only: boolean }

/** Checks the folder as it will be; nothing is written unless all of it is right. */
async function importPrices(hands: Hands, { folder, file, only }: Import): Promise<number> {
  const name = basename(file)
  if (!/^\w[\w.-]*\.csv$/.test(name)) throw new UsageError(`${name} is not the name of a CSV file`)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`there is no readable file at ${file}`)
  const before = await textsOf(folder)
  const path = `${PRICES}${name}`
  const replaced = only
    ? [...before.keys()].filter((each) => PRICE_FILE.test(each) && each !== path)
    : []
  const kept = [...before].filter(([each]) => each !== path && !replaced.includes(each))
  const after = new Map([...kept, [path, text]])
  const parsed = parse(after, hands)
  if (parsed.kind === 'wrong') return tell(hands, folder, parsed.mistakes)
  for (const each of replaced) await rename(join(folder, each), join(folder, `${each}~`))
  await mkdir(join(folder, PRICES), { recursive: true })
  const draft = join(folder, PRICES, `.${name}`)
  await writeFile(draft, text)
  await rename(draft, join(folder, path))
  const { length } = parsed.value.prices?.rows ?? []
  return print(hands, [
    `${join(folder, path)} is in force; the folder has ${length} prices`,
    ...replaced.map((each) => `${join(folder, each)} was set aside as ${basename(each)}~`),
  ])
}

const parse = (texts: ReadonlyMap<string, string>, { environment }: Hands): Parsed<RulesFolder> =>
  parseRulesFolder(readRulesFiles(texts), { environment, kinds: NODE_KINDS })

function tell(hands: Hands, folder: string, mistakes: readonly Mistake[]): number {
  const place = folder.replace(/\/+$/, '')
  for (const mistake of mistakes) {
    hands.err(`${formatMistake({ ...mistake, file: `${place}/${mistake.file}` })}\n`)
  }
  hands.err(`${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}\n`)
  return EXIT_WRONG
}

async function textsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    return await readTexts(folder)
  } catch {
    throw new UsageError(`there is no readable folder at ${folder}`)
  }
}
