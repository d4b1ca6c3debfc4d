import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Memberships } from '../ports.ts'
import { readAsMember } from './access.ts'

/** The caller's place in the room, as one look after the other finds it. */
const looks = (...places: ({ join_seq: number } | null)[]) =>
  ({ find: async () => ({ room: { id: 5 }, me: places.shift() }) }) as unknown as Memberships

const place = { room_id: 5, user_id: 7 }
const seen = async ({ me }: { me: { join_seq: number } }) => me.join_seq

test('what is read is shown to who was a member before and after it', async () => {
  assert.equal(await readAsMember(looks({ join_seq: 0 }, { join_seq: 0 }), place, seen), 0)
  await assert.rejects(readAsMember(looks({ join_seq: 0 }, null), place, seen), { code: 'NOT_A_MEMBER' })
})

test('who left and came back meanwhile is shown what they see since', async () => {
  assert.equal(await readAsMember(looks({ join_seq: 0 }, { join_seq: 9 }, { join_seq: 9 }), place, seen), 9)
})
