import assert from 'node:assert/strict'
import { eventually } from '@bigtech/testkit'
import type { Message, Sync } from '../index.ts'
import type { TestUser } from './server.fixture.ts'

export const WITHIN = { timeoutMs: 10_000 }

export const shown = (sync: Sync, roomId: number): readonly Message[] =>
  sync.state.rooms.get(roomId)?.window?.messages ?? []
export const texts = (messages: readonly Message[]) => messages.filter((one) => !one.system).map((one) => one.content)

/** Its number of unread members is derived; a long text need not be shown when a test fails. */
const comparable = ({ unread_count: _unread, content, ...message }: Message) => ({
  ...message,
  content: content.slice(0, 40),
})

/** What the room looks like to somebody who asks for it now. */
export async function assertAsFresh(sync: Sync, user: TestUser, roomId: number): Promise<void> {
  await eventually(async () => {
    const room = await user.client.rooms.get(roomId)
    const page = await user.client.messages.page(roomId, { limit: 200 })
    const known = sync.state.rooms.get(roomId)!
    assert.equal(known.rev, room.rev)
    const newest = shown(sync, roomId).slice(-200)
    assert.deepEqual(newest.map(comparable), page.items.slice(-newest.length).map(comparable))
    assert.deepEqual(
      [...known.members!.values()]
        .map(({ user_id, read_seq }) => ({ user_id, read_seq }))
        .sort((a, b) => a.user_id - b.user_id),
      room.members.map(({ user_id, read_seq }) => ({ user_id, read_seq })).sort((a, b) => a.user_id - b.user_id),
    )
  }, WITHIN)
}

export function assertOnce(messages: readonly Message[], expected: readonly string[]): void {
  const found = texts(messages)
  assert.equal(new Set(found).size, found.length, 'nothing doubled')
  for (const text of expected) assert.ok(found.includes(text), `${text} is there`)
}
