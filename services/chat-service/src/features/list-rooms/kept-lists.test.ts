import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { tempDir } from '@bigtech/testkit'
import { createSqliteChatStore, type ChatStore } from '../../adapters/index.ts'
import { createListRooms, ROOMS_A_TURN } from './list-rooms.ts'

const USERS = [1, 2, 3] as const
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const COMMANDS = ['send', 'read', 'mute', 'unmute', 'hide', 'open', 'leave', 'join', 'rename', 'promote'] as const
const CHANGES = ['edit', 'delete', 'react', 'pin'] as const
const OF_PEOPLE = ['profile', 'prepare', 'cancel', 'erase'] as const
type Step = Readonly<{
  do: (typeof COMMANDS)[number] | (typeof CHANGES)[number] | (typeof OF_PEOPLE)[number]
  /** A direct room of 1 and 2, a group with a name, one without. */
  room: number
  user: number
}>
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(...COMMANDS, ...CHANGES, ...OF_PEOPLE),
  room: fc.constantFrom(0, 1, 2),
  user: fc.constantFrom(...USERS),
})

/** Each number once: no two texts, names or times are the same. */
let n = 1

async function take(
  store: ChatStore,
  rooms: readonly number[],
  { do: what, room, user: user_id }: Step,
): Promise<unknown> {
  const now = ++n
  const context = { now, traceparent }
  const room_id = rooms[room]!
  const on = { room_id, user_id, actor: user_id, ...context }
  const event = { ...context, event_id: `e${now}`, saga_id: `s${now}`, user_id }
  const last = (await store.rooms.listed(room_id, user_id))?.room.last_seq ?? 0
  const change = (made: Parameters<ChatStore['messages']['change']>[0]['change']) => {
    const actor = { user_id, role: 'owner', room_type: room === 0 ? 'direct' : 'group' } as const
    return store.messages.change({ room_id, seq: last, change: made, actor, ...context })
  }
  switch (what) {
    case 'send':
      return store.messages.append({
        ...on,
        message_type: 'text',
        content: `글 ${now}`,
        reply_to: null,
        reply_to_user_id: null,
        file: null,
        client_message_id: null,
      })
    case 'read':
      return store.rooms.markRead({ ...on, seq: last })
    case 'mute':
    case 'unmute':
      return store.rooms.setMuted({ ...on, muted: what === 'mute' })
    case 'hide':
      return room === 0 ? store.rooms.hideDirect(on) : undefined
    case 'open':
      return room === 0 && user_id < 3 ? store.rooms.openDirect({ ...on, other_id: 3 - user_id }) : undefined
    case 'leave':
      return room > 0 ? store.rooms.removeMember({ ...on, via: 'left' }) : undefined
    case 'join':
      return room > 0 ? store.rooms.addMembers({ ...on, user_ids: [user_id], via: 'invite', limit: 10 }) : undefined
    case 'rename':
      return room === 1 ? store.rooms.rename({ ...on, name: `모임 ${now}` }) : undefined
    case 'promote':
      return room > 0 ? store.rooms.setRole({ ...on, actor: 1, role: 'admin' }) : undefined
    case 'edit':
      return change({ kind: 'edit', content: `고침 ${now}` })
    case 'react':
      return change({ kind: 'react', emoji: '👍' })
    case 'delete':
    case 'pin':
      return change({ kind: what })
    case 'profile': {
      const profile = { username: 'u', display_name: `이름 ${now}`, profile_image_url: null, active: true }
      return store.people.applyProfile({ ...event, profile })
    }
    case 'prepare':
    case 'cancel':
    case 'erase':
      return store.closures[what](event)
  }
}

test('a list around rooms that are kept is byte for byte the list that is read anew, after any changes', async (t) => {
  const store = await createSqliteChatStore(join(tempDir(t), 'chat.db'))
  t.after(() => store.close())
  const [kept, anew] = [createListRooms(store), createListRooms(store, 0)]
  const compare = async () => {
    for (const user_id of USERS)
      for (const limit of [1, 100]) {
        const query = { user_id, before: undefined, limit }
        assert.equal(String(await kept(query)), String(await anew(query)))
      }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 10 }), async (turns) => {
      const context = { now: ++n, traceparent }
      const group = async (name: string | null) => {
        const made = await store.rooms.createGroup({ ...context, actor: 1, name, member_ids: [2, 3] })
        return (made as { room_id: number }).room_id
      }
      const direct = await store.rooms.openDirect({ ...context, user_id: 1, other_id: 2 })
      const rooms = [(direct as { room_id: number }).room_id, await group('모임'), await group(null)]
      for (const user of USERS) await take(store, rooms, { do: 'profile', room: 0, user })
      for (const room of [0, 1, 2]) await take(store, rooms, { do: 'send', room, user: 1 })
      await compare()
      for (const turn of turns) {
        await Promise.all(turn.map((at) => take(store, rooms, at)))
        await compare()
      }
    }),
    { numRuns: 60 },
  )
})

test('a long list is written in several turns of the event loop', async (t) => {
  const store = await createSqliteChatStore(join(tempDir(t), 'chat.db'))
  t.after(() => store.close())
  const size = 3 * ROOMS_A_TURN + 1
  const groups = Array.from({ length: size }, (_, i) => ({
    actor: 1,
    now: i,
    traceparent,
    name: `${i}`,
    member_ids: [],
  }))
  await Promise.all(groups.map((group) => store.rooms.createGroup(group)))
  let turns = 0
  let done = false
  const turn = () => {
    if (done) return
    turns++
    setImmediate(turn)
  }
  setImmediate(turn)
  const page = await createListRooms(store)({ user_id: 1, before: undefined, limit: size })
  done = true
  assert.ok(turns >= 3, `${turns} turns`)
  const { items } = JSON.parse(String(page)) as { items: { name: string }[] }
  assert.deepEqual(
    items.map(({ name }) => name),
    groups.map(({ name }) => name).reverse(),
  )
})
