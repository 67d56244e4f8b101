import { writeCsv } from '../billing/csv.ts'
import { PRICE_FILE, parsePriceFiles } from '../config/price-files.ts'
import { readTexts } from '../config/rules-files.ts'
import { readRulesFiles } from '../config/yaml-file.ts'
import { type AccountId, parseId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import { addAdminKey, openAccount, type ShownKey } from '../flows/open-account.ts'
import type { Account } from '../tenancy/tenancy.ts'
import { type Hands, type Invocation, type OpenedBooks, textOption, UsageError } from './command.ts'

const NAME_MAX = 64
const KEY_NAME = 'From the command line'

/** `tollgate accounts [list] | add NAME [--currency CODE] | key ACCOUNT` */
export async function accountsCommand(invocation: Invocation): Promise<number> {
  const [verb = 'list', word] = invocation.positionals
  if (verb === 'list' && word === undefined) return withBooks(invocation, listAccounts)
  if (word === undefined || !['add', 'key'].includes(verb))
    throw new UsageError("it takes 'list', 'add NAME' or 'key ACCOUNT'")
  if (verb === 'key') return withBooks(invocation, newKey(word))
  const opening = { name: nameOf(word), currency: await currencyFor(invocation) }
  return withBooks(invocation, addAccount(opening))
}

type Work = (books: OpenedBooks, hands: Hands) => Promise<void>

async function withBooks({ hands }: Invocation, work: Work): Promise<number> {
  const books = await hands.openBooks()
  try {
    await work(books, hands)
    return 0
  } finally {
    await books.close()
  }
}

async function listAccounts({ tenancy }: OpenedBooks, hands: Hands): Promise<void> {
  hands.out(writeCsv(['account', 'name', 'currency', 'default_service', 'created_at'], []))
  let last: AccountId | undefined
  do {
    const some = await tenancy.accountsAfter(last)
    hands.out(some.map((account) => writeCsv(rowOf(account), [])).join(''))
    last = some.at(-1)?.id
  } while (last !== undefined)
}

const rowOf = ({ id, name, currency: code, defaultServiceId, createdAtMs }: Account) => [
  id,
  name,
  code,
  defaultServiceId,
  new Date(createdAtMs).toISOString(),
]

const addAccount =
  (opening: { readonly name: string; readonly currency: Currency }): Work =>
  async (books, hands) => {
    const opened = await openAccount(books, { ...opening, givenKey: undefined })
    if (opened === undefined) throw new UsageError('the key exists already; try again')
    const { account, key } = opened
    hands.out(`${account.id} is open in ${account.currency}, with nothing on its balance\n`)
    show(hands, key)
  }

const newKey =
  (word: string): Work =>
  async (books, hands) => {
    const accountId = parseId('AC', word)
    if (accountId === undefined)
      throw new UsageError(`an account is AC and 32 hex digits, not '${word}'`)
    const key = await addAdminKey(books, { accountId, name: KEY_NAME })
    if (key === undefined) throw new UsageError(`there is no account ${word}`)
    show(hands, key)
  }

const show = (hands: Hands, { keyId, secret }: ShownKey): void =>
  hands.out(`An admin key of it, shown this once:\n  ${keyId}:${secret}\n`)

function nameOf(word: string): string {
  const name = word.trim()
  if (name === '' || name.length > NAME_MAX || /\p{Cc}/u.test(name))
    throw new UsageError(`a name has 1 to ${NAME_MAX} characters on one line`)
  return name
}

/** Nobody could send from an account that is held in a currency without prices. */
async function currencyFor(invocation: Invocation): Promise<Currency> {
  const { environment } = invocation.hands
  const code = textOption(invocation, 'currency') ?? 'USD'
  const folder = textOption(invocation, 'rules') ?? environment.TOLLGATE_RULES_DIR ?? 'rules'
  const texts = await readTexts(folder).catch(() => undefined)
  if (texts === undefined) throw new UsageError(`there is no readable folder at ${folder}`)
  const prices = new Map([...texts].filter(([path]) => PRICE_FILE.test(path)))
  const parsed = parsePriceFiles(readRulesFiles(prices))
  if (parsed.kind === 'wrong')
    throw new UsageError(`the prices in ${folder} have mistakes; see tollgate rules check`)
  const known = [...(parsed.value?.currencies ?? [])]
  const wanted = known.find((each) => each === code)
  if (wanted === undefined)
    throw new UsageError(`--currency takes one with prices (${known.join(', ')}), not '${code}'`)
  return wanted
}
