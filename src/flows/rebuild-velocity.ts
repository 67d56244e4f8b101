import { firstIdAt } from '../domain/ids.ts'
import { isTest, type Verification } from '../domain/verification.ts'
import type { House } from './house.ts'

const PAGE = 500

/**
 * Counts again what was asked after `fromMs`: a restart goes on from the last snapshot as if it had not happened. Answers how many
 * requests were counted. Outcomes that came after the snapshot for requests before it are not counted again.
 */
export async function rebuildVelocity(
  { verifications, velocity }: Pick<House, 'verifications' | 'velocity'>,
  fromMs: number,
): Promise<number> {
  let after = firstIdAt('VE', fromMs + 1)
  for (let counted = 0; ; ) {
    const page = await verifications.since(after, PAGE)
    for (const verification of page) {
      if (!isTest(verification)) await countAgain(velocity, verification)
    }
    counted += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return counted
    after = last.id
  }
}

async function countAgain(velocity: House['velocity'], row: Verification): Promise<void> {
  const { subjects, price, createdAtMs: atMs } = row
  await velocity.observe({ atMs, subjects, country: row.traffic.country })
  const record = (kind: 'sent' | 'verified' | 'unverified' | 'challenged') =>
    velocity.record({ kind, atMs, sentAtMs: atMs, subjects, price })
  for (let send = 0; send < row.sends; send++) await record('sent')
  if (row.state === 'challenged') await record('challenged')
  if (row.state === 'approved') await record('verified')
  if (row.state === 'open' && row.matured) await record('unverified')
}
