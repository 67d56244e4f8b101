import { type AccountId, firstIdAt } from '../domain/ids.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import type { FraudLabel, FraudReport } from '../risk/reports.ts'
import type { House } from './house.ts'

/** What a walk through the past reads. */
export type StoredBooks = {
  readonly verifications: Pick<House['verifications'], 'since'>
  readonly reports: Pick<House['reports'], 'list'>
}

/** One stored request and what operators said of it, if they did. */
export type StoredRequest = {
  readonly verification: Verification
  readonly report: FraudReport | undefined
}

const PAGE = 500
const REPORT_PAGE = 500
/** A report of a number, range or address speaks of this long before it: they change hands. */
const REPORT_REACH_MS = 30 * 86_400_000

/** Every stored request of all accounts since then, oldest first, without those of test numbers. */
export async function* storedTraffic(
  books: StoredBooks,
  fromMs: number,
): AsyncGenerator<StoredRequest> {
  const known = new Map<AccountId, ReportIndex>()
  let after = firstIdAt('VE', fromMs)
  for (;;) {
    const page = await books.verifications.since(after, PAGE)
    for (const verification of page) {
      if (isTest(verification)) continue
      const { accountId } = verification
      const index = known.get(accountId) ?? indexOf(await reportsOf(books, accountId))
      known.set(accountId, index)
      yield { verification, report: index.of(verification) }
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}

async function reportsOf(
  { reports }: StoredBooks,
  accountId: AccountId,
): Promise<readonly FraudReport[]> {
  const all: FraudReport[] = []
  let before: FraudReport['id'] | undefined
  for (;;) {
    const page = await reports.list(accountId, { limit: REPORT_PAGE, before })
    all.push(...page)
    before = page.at(-1)?.id
    if (page.length < REPORT_PAGE) return all
  }
}

type ReportIndex = { readonly of: (verification: Verification) => FraudReport | undefined }

/** The closest word counts: of the request itself, then of its number, its address and its range; of two, the newest. */
function indexOf(newestFirst: readonly FraudReport[]): ReportIndex {
  const bySubject = new Map<string, FraudReport[]>()
  const lengths = new Set<number>()
  for (const report of newestFirst) {
    const { verificationId, phone, ip, range } = report
    const subject = verificationId ?? phone ?? (ip === undefined ? undefined : `ip ${ip}`)
    if (range !== undefined) lengths.add(range.length)
    const key = subject ?? `range ${range}`
    bySubject.set(key, [...(bySubject.get(key) ?? []), report])
  }
  const longestFirst = [...lengths].sort((left, right) => right - left)
  const reaching = (key: string, createdAtMs: number) =>
    bySubject
      .get(key)
      ?.find(
        (report) =>
          report.createdAtMs >= createdAtMs && report.createdAtMs - createdAtMs <= REPORT_REACH_MS,
      )
  return {
    of: ({ id, phone, ip, createdAtMs }) => {
      const own = bySubject.get(id)?.[0]
      if (own !== undefined) return own
      const keys = [
        phone,
        ...(ip === undefined ? [] : [`ip ${ip}`]),
        ...longestFirst.map((length) => `range ${phone.slice(0, length)}`),
      ]
      for (const key of keys) {
        const found = reaching(key, createdAtMs)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

/**
 * What it was, as far as anybody knows: a report counts before everything, a code that came back before silence. Undefined for what
 * was not answered, and for what was refused and so never had the chance.
 */
export function labelOf({ verification, report }: StoredRequest): FraudLabel | undefined {
  if (report !== undefined) return report.label
  return verification.state === 'approved' ? 'legit' : undefined
}
