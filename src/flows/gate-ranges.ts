import type { AccountId } from '../domain/ids.ts'
import { newId } from '../domain/ids.ts'
import type { Subjects } from '../domain/subjects.ts'
import type { Verification } from '../domain/verification.ts'
import type { Memory } from '../risk/feature-memory.ts'
import {
  advanced,
  closed,
  closes,
  learned,
  mayProbe,
  type RangeBlock,
} from '../risk/ranges/blocks.ts'
import { RANGE_KINDS, type RangeLevel, type RangeSight } from '../risk/ranges/watch.ts'
import type { House } from './house.ts'
import { blockKey, type RememberedBlocks } from './range-book.ts'

type GatingHouse = Pick<House, 'platform' | 'rangeBlocks'> & {
  readonly ranges: Pick<House['ranges'], 'forgive'>
}
type Asked = {
  readonly accountId: AccountId
  readonly subjects: Subjects
  readonly atMs: number
  /** Undefined where it cannot be told: ranges that are closed stay closed, and none closes. */
  readonly sight: RangeSight | undefined
}

/**
 * Whether a range around a stranger's number is closed, tried again or free, and what changes by this request: a range that
 * has surge and excess closes, one whose time is over is tried. Where blocks cannot be read nothing is closed.
 */
export async function gateRanges(house: GatingHouse, asked: Asked): Promise<Memory['closure']> {
  try {
    const blocks = await house.rangeBlocks.blocksOf(asked.accountId, asked.atMs)
    return await gate(house, asked, blocks)
  } catch {
    house.platform.log.error('range_blocks.unavailable', { while: 'issue' })
    return 'open'
  }
}

async function gate(
  house: GatingHouse,
  asked: Asked,
  blocks: RememberedBlocks,
): Promise<Memory['closure']> {
  for (const { kind, range } of blocks.size === 0 ? [] : rangesOf(asked)) {
    const stored = blocks.get(blockKey(kind, range))
    if (stored === undefined || stored.state === 'open') continue
    const block = advanced(stored, asked.atMs)
    if (block.state === 'open') await release(house, block)
    else return pass(house, block, asked.atMs)
  }
  const bad = asked.sight?.levels.find(closes)
  if (bad === undefined) return 'open'
  await close(house, asked, { level: bad, blocks })
  return 'blocked'
}

/** The range of a counter's key, which starts with the account. */
const rangeOf = (key: string, accountId: AccountId): string => key.slice(accountId.length + 1)

/** From narrow to wide. */
function* rangesOf({ accountId, subjects }: Pick<Asked, 'accountId' | 'subjects'>) {
  for (const kind of RANGE_KINDS) {
    const key = subjects[kind]
    if (key !== undefined) yield { kind, range: rangeOf(key, accountId) }
  }
}

/** A closed range lets one request in a while solve a challenge; one that is tried lets more of them. */
async function pass(
  house: GatingHouse,
  block: RangeBlock,
  nowMs: number,
): Promise<Memory['closure']> {
  if (!mayProbe(block, nowMs)) return 'blocked'
  const isClaimed = await house.rangeBlocks.claimProbe({ ...block, probedAtMs: nowMs })
  return isClaimed ? 'probing' : 'blocked'
}

async function close(
  house: GatingHouse,
  { accountId, atMs }: Asked,
  { level, blocks }: { readonly level: RangeLevel; readonly blocks: RememberedBlocks },
): Promise<void> {
  const range = rangeOf(level.key, accountId)
  const { kind, key: _, ...evidence } = level
  const found = { id: newId('RB', house.platform), accountId, kind, range, evidence }
  await house.rangeBlocks.put(closed(blocks.get(blockKey(kind, range)), found, atMs))
}

/** Opens a range and forgets what it was closed for. */
async function release(house: GatingHouse, block: RangeBlock): Promise<void> {
  await house.rangeBlocks.update(block)
  await house.ranges.forgive(block.kind, `${block.accountId}:${block.range}`)
}

/** What became of a request that was let through to try a closed range. */
export async function learnProbe(
  house: GatingHouse,
  { accountId, subjects }: Pick<Verification, 'accountId' | 'subjects'>,
  { isGood, atMs }: { readonly isGood: boolean; readonly atMs: number },
): Promise<void> {
  try {
    const blocks = await house.rangeBlocks.blocksOf(accountId, atMs)
    if (blocks.size === 0) return
    for (const { kind, range } of rangesOf({ accountId, subjects })) {
      const block = blocks.get(blockKey(kind, range))
      if (block === undefined || block.state === 'open') continue
      const next = learned(advanced(block, atMs), isGood, atMs)
      if (next.state === 'open') await release(house, next)
      else await house.rangeBlocks.update(next)
    }
  } catch {
    house.platform.log.error('range_blocks.unavailable', { while: 'outcome' })
  }
}

/** Lifts a block before its time; undefined: there is none of this id. */
export async function liftBlock(
  house: Pick<House, 'ranges' | 'rangeBlocks'>,
  { accountId, id }: Pick<RangeBlock, 'accountId' | 'id'>,
): Promise<RangeBlock | undefined> {
  const lifted = await house.rangeBlocks.remove(accountId, id)
  if (lifted !== undefined) await house.ranges.forgive(lifted.kind, `${accountId}:${lifted.range}`)
  return lifted
}
