import fc from 'fast-check'
import type { MessageChange } from '../../domain/message.ts'
import type { StoredFile } from '../../ports.ts'
import { change, text, traceparent } from '../chat-store.fixture.ts'
import type { ChatStore } from '../sqlite/store.ts'

export const USERS = [1, 2, 3, 4, 5] as const
/** Rooms that steps are about: the last ones made. */
export const ROOMS = 4

const TEXTS = [
  '김치찌개 먹자',
  '물 좀 줘',
  '나는 C++ 를 쓴다',
  'Café에서 보자',
  '좋아 👍🏽 100%',
  '김치 볶음밥도 좋아요. Hello WORLD',
  'ㅋㅋㅋ',
  '',
]
const DO = [
  'group',
  'direct',
  'send',
  'send',
  'send',
  'file',
  'reply',
  'edit',
  'delete',
  'react',
  'pin',
  'unpin',
  'read',
  'read',
  'leave',
  'remove',
  'add',
  'accept',
  'decline',
  'rename',
  'role',
  'mute',
  'hide',
  'link',
  'block',
  'unblock',
  'profile',
] as const

export const step = fc.record({
  do: fc.constantFrom(...DO),
  room: fc.nat(ROOMS - 1),
  user: fc.constantFrom(...USERS),
  other: fc.constantFrom(...USERS),
  n: fc.nat(30),
})
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

let made = 0

/** What people do; some of it is refused. @param rooms gets those that are made */
export async function take(store: ChatStore, rooms: number[], step: Step): Promise<void> {
  const { user, other, n } = step
  const now = 1_000 + ++made
  if (step.do === 'group' || rooms.length < ROOMS) {
    const members = USERS.filter((id) => id !== user && (n + id) % 2 === 0)
    const outcome = await store.rooms.createGroup({ ...change(user), now, name: `방 ${n}`, member_ids: members })
    if (typeof outcome === 'object') rooms.push(outcome.room_id)
    return
  }
  const room_id = rooms.slice(-ROOMS)[step.room]!
  const on = { room_id, user_id: user }
  const by = { ...change(user), now, room_id }
  switch (step.do) {
    case 'direct': {
      if (user === other) return
      const outcome = await store.rooms.openDirect({ user_id: user, other_id: other, now, traceparent })
      if (typeof outcome === 'object' && outcome.created) rooms.push(outcome.room_id)
      return
    }
    case 'send':
      return void (await store.messages.append({ ...text(room_id, user, TEXTS[n % 8]!, n % 3 ? `c${n}` : null), now }))
    case 'reply':
      return void (await store.messages.append({
        ...text(room_id, user, `답 ${n}`),
        reply_to: 1 + (n % 3),
        mentions: n % 2 ? [{ user_id: other, offset: 0, length: 1 }] : [{ everyone: true, offset: 0, length: 1 }],
        now,
      }))
    case 'file':
      return sendFile(store, room_id, user, now, n)
    case 'edit':
      return act(store, room_id, user, n, { kind: 'edit', content: `고침 ${TEXTS[(n + 1) % 8]!}` }, now)
    case 'delete':
      return act(store, room_id, user, n, { kind: 'delete' }, now)
    case 'react':
      return act(store, room_id, user, n, { kind: 'react', emoji: n % 2 ? '👍' : 'constructor' }, now)
    case 'pin':
    case 'unpin':
      return act(store, room_id, user, n, { kind: step.do }, now)
    case 'read':
      return void (await store.rooms.markRead({ ...on, seq: n, now, traceparent }))
    case 'leave':
      return leave(store, by, user, 'left')
    case 'remove':
      return leave(store, by, other, 'removed')
    case 'add':
      return void (await store.rooms.addMembers({
        ...by,
        user_ids: [other],
        via: n % 4 ? 'added' : 'invite',
        limit: 9,
      }))
    case 'accept':
      return void (await store.rooms.acceptInvitation({ ...by, limit: 9 }))
    case 'decline':
      return void (await store.rooms.declineInvitation({ ...on, now }))
    case 'rename':
      return void (await store.rooms.rename({ ...by, name: n % 3 ? `이름 ${n}` : '' }))
    case 'role':
      return void (await store.rooms.setRole({ ...by, user_id: other, role: n % 3 ? 'admin' : 'owner' }))
    case 'mute':
      return n % 3 === 0
        ? store.rooms.setSettings({ ...on, now, traceparent, notify: 'mentions', muted_until: n % 2 ? n : null })
        : store.rooms.setMuted({ ...on, now, traceparent, muted: n % 2 === 0 })
    case 'hide': {
      const found = await store.rooms.find(room_id, user)
      return found?.room.type === 'direct' ? store.rooms.hideDirect(on) : undefined
    }
    case 'link': {
      const code = n % 4 ? `code-${made}` : null
      return void (await store.rooms.setInvite({ room_id, actor: user, code, expires_at: n % 2 ? 5_000 : null }))
    }
    case 'block':
    case 'unblock': {
      const event = { event_id: `b${made}`, now, user_id: user, blocked_user_id: other, blocked: step.do === 'block' }
      return store.people.applyBlock(event)
    }
    case 'profile': {
      const profile = { username: `u${user}`, display_name: `이름 ${n}`, profile_image_url: null, active: n % 3 > 0 }
      return store.people.applyProfile({ event_id: `p${made}`, now, user_id: user, profile })
    }
  }
}

async function leave(
  store: ChatStore,
  by: ReturnType<typeof change> & { room_id: number },
  user_id: number,
  via: 'left' | 'removed',
) {
  const found = await store.rooms.find(by.room_id, user_id)
  if (found?.room.type === 'group') await store.rooms.removeMember({ ...by, user_id, via })
}

async function act(
  store: ChatStore,
  room_id: number,
  user_id: number,
  n: number,
  what: MessageChange,
  now: number,
): Promise<void> {
  const found = await store.rooms.find(room_id, user_id)
  if (!found?.me || found.room.last_seq === 0) return
  const seq = 1 + (n % found.room.last_seq)
  const actor = { user_id, role: found.me.role, room_type: found.room.type }
  await store.messages.change({ room_id, seq, change: what, actor, now, traceparent })
}

async function sendFile(store: ChatStore, room_id: number, user_id: number, now: number, n: number): Promise<void> {
  const id = `f${1 + (n % 3)}`
  const found = await store.files.get(id)
  const file: StoredFile = found ?? {
    id,
    owner_id: user_id,
    name: `사진 ${n}.png`,
    type: 'image/png',
    size: n,
    width: 1,
    height: null,
    has_thumbnail: n % 2 === 0,
    blob_key: id,
    thumbnail_key: n % 2 === 0 ? 't' : null,
    created_at: now,
  }
  if (!found) await store.files.add(file)
  const { owner_id: _owner, blob_key: _blob, thumbnail_key: _key, created_at: _at, ...info } = file
  await store.messages.append({ ...text(room_id, user_id, '이거'), message_type: 'image', file: info, now })
}
