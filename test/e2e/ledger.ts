import { expect } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'

export type Entry = {
  readonly id: string
  readonly posting: string
  readonly account: string
  readonly amount_micros: number
  readonly currency: string
  readonly verification?: string
  readonly send?: string
}

/** Every entry of the ledger, page by page. */
export async function allEntries(server: ServerProcess): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const { status, body } = await server.call('GET', `/v1/ledger?limit=100${query}`)
    expect(status).toBe(200)
    const page = body as { readonly entries: readonly Entry[]; readonly next_cursor: string | null }
    entries.push(...page.entries)
    cursor = page.next_cursor
  } while (cursor !== null)
  return entries
}

/** What all entries of each currency come to. */
export function sumsByCurrency(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { currency, amount_micros } of entries) {
    sums.set(currency, (sums.get(currency) ?? 0) + amount_micros)
  }
  return sums
}

/** The postings of each send: what takes from the prepaid balance reserves, what takes from the held one closes. */
export function postingsBySend(
  entries: readonly Entry[],
): ReadonlyMap<string, { readonly reserves: number; readonly closes: number }> {
  const sends = new Map<string, { reserves: number; closes: number }>()
  for (const { send, account, amount_micros } of entries) {
    if (send === undefined) continue
    const postings = sends.get(send) ?? { reserves: 0, closes: 0 }
    sends.set(send, postings)
    const [kind] = account.split(':')
    if (kind === 'prepaid' && amount_micros < 0) postings.reserves++
    if (kind === 'held' && amount_micros < 0) postings.closes++
  }
  return sends
}
