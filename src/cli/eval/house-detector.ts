import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hands, ReplayOptions } from '../command.ts'
import { toReplayEvent } from '../replay-events.ts'
import type { Detector } from './detector.ts'

/** The flows of the server themselves, with counters of their own. */
export async function openHouse(
  { openReplay }: Pick<Hands, 'openReplay'>,
  options: ReplayOptions,
): Promise<Detector> {
  const replay = await openReplay(options)
  return {
    decide: async ({ event }) => {
      const answer = await replay.apply(toReplayEvent(event))
      if (answer === undefined || !('decision' in answer)) {
        throw new TypeError('a replay answers every issue with a decision')
      }
      return answer
    },
    learn: async (event) => {
      if (event.type !== 'issue') await replay.apply(toReplayEvent(event))
    },
  }
}

/** Opens with the same folder but not one rule in it; caps and thresholds stay. The folder is copied and read at once. */
export async function withoutRules<Opened>(
  rules: string,
  open: (folder: string) => Promise<Opened>,
): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-eval-'))
  try {
    cpSync(rules, folder, { recursive: true })
    const policy = join(folder, 'policy.yaml')
    writeFileSync(policy, noRules(readFileSync(policy, 'utf8')))
    return await open(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Everything below `rules:` that is indented goes; other settings stay. */
export function noRules(policy: string): string {
  const lines = policy.split('\n')
  const from = lines.findIndex((line) => /^rules:\s*$/.test(line))
  if (from === -1) return policy
  const length = lines.slice(from + 1).findIndex((line) => /^[a-z_]+:/i.test(line))
  const rest = length === -1 ? [] : lines.slice(from + 1 + length)
  return [...lines.slice(0, from), 'rules: []', ...rest, ''].join('\n')
}
