import assert from 'node:assert/strict'
import { eventually } from '@bigtech/testkit'
import type { Load } from './load.ts'

/** What must be so once the faults are over: nothing acknowledged is lost or doubled, and everybody who follows events has caught up. */
export async function assertNothingLost({ people, roomId }: Load, withinMs: number): Promise<void> {
  const [reader] = people
  const texts: string[] = []
  for (let before: number | undefined; ;) {
    const { items } = await reader!.client.messages.page(roomId, {
      limit: 200,
      ...(before === undefined ? {} : { before_seq: before }),
    })
    texts.push(...items.map(({ content }) => content ?? ''))
    if (items.length < 200) break
    before = Math.min(...items.map(({ seq }) => seq))
  }
  const count = new Map<string, number>()
  for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1)
  const wrong = people.flatMap(({ sent }) => sent).filter((text) => count.get(text) !== 1)
  assert.deepEqual(wrong, [], 'acknowledged messages that are not there once')

  // Names go by events from user-service to the others.
  await eventually(
    async () => {
      const { items } = await reader!.client.rooms.members(roomId, { limit: 100 })
      for (const { id, name } of people)
        assert.equal(items.find(({ user_id }) => user_id === id)?.display_name, name(), `the name of ${id} in the room`)
    },
    { timeoutMs: withinMs },
  )
}
