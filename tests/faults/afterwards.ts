import assert from 'node:assert/strict'
import { eventually } from '@bigtech/testkit'
import type { Load } from './load.ts'

/** Whoever can read pages of a room. */
type Reader = Readonly<{ get<T>(path: string): Promise<T> }>

/** Every acknowledged text is in the room, and none of the kind `person:number` is there twice. */
export async function assertThereOnce(reader: Reader, roomId: number, acknowledged: readonly string[]): Promise<void> {
  const texts: string[] = []
  for (let place = ''; ;) {
    const { items } = await reader.get<{ items: { content: string | null; seq: number }[] }>(
      `/messages/${roomId}?limit=200${place}`,
    )
    texts.push(...items.map(({ content }) => content ?? ''))
    if (items.length < 200) break
    place = `&before_seq=${Math.min(...items.map(({ seq }) => seq))}`
  }
  const there = texts.filter((text) => /^\d+:\d+$/.test(text))
  const once = new Set(there)
  assert.equal(once.size, there.length, 'a message is there twice')
  assert.deepEqual(
    acknowledged.filter((text) => !once.has(text)),
    [],
    'acknowledged messages that are not there',
  )
}

/** What must be so once every process was replaced: nothing is lost or doubled, and whoever follows events has caught up. */
export async function assertNothingLost({ people, roomId, reader }: Load, withinMs: number): Promise<void> {
  await assertThereOnce(
    reader,
    roomId,
    people.flatMap(({ sent }) => sent),
  )
  // Names go by events from user-service to the others.
  await eventually(
    async () => {
      const { items } = await people[0]!.client.rooms.members(roomId, { limit: 100 })
      for (const { id, name } of people)
        assert.equal(items.find(({ user_id }) => user_id === id)?.display_name, name(), `the name of ${id} in the room`)
    },
    { timeoutMs: withinMs },
  )
}
