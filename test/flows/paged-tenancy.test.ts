import { expect, test } from 'vitest'
import { openHarness } from '../support/harness.ts'

test.each([
  ['services', (index: number) => ({ name: `Service ${index}` })],
  ['keys', (index: number) => ({ name: `Key ${index}`, scopes: ['verify'] })],
] as const)(
  '%s are read page by page, the newest first, without gaps or repeats',
  async (list, body) => {
    const house = await openHarness()
    const read = async (query: string) => (await house.get(`/v1/${list}${query}`)).json()
    const before = (await read(''))[list].map(({ id }: { id: string }) => id)
    const made: string[] = []
    for (let index = 0; index < 5; index++) {
      house.clock.advance(1_000)
      const answer = await house.post(`/v1/${list}`, body(index))
      expect(answer.status).toBe(201)
      made.unshift((await answer.json()).id)
    }
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await read(cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`)
      expect(page[list].length).toBeLessThanOrEqual(2)
      seen.push(...page[list].map(({ id }: { id: string }) => id))
      cursor = page.next_cursor
    }
    expect(seen).toEqual([...made, ...before])
    const wrong = await house.get(`/v1/${list}?cursor=VE${'0'.repeat(32)}`)
    expect(await wrong.json()).toMatchObject({ errors: [{ pointer: 'query:cursor' }] })
  },
)
