import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { MessageRow } from '../../domain/message.ts'
import type { RoomStore } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import { toMember, toMessageRow, toRoom } from './rows.ts'
import type { SenderCache } from './sender-cache.ts'

export function createRoomStore(db: DatabaseSync, writer: Writer<ChatCommands>, senders: SenderCache): RoomStore {
  const roomAndMe = db.prepare(
    `SELECT r.id, r.type, r.name, r.created_by, r.created_at, r.last_seq, r.rev, r.member_count,
       m.user_id, m.role, m.join_seq, m.joined_at, m.read_seq, m.muted
     FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?2 WHERE r.id = ?1`,
  )
  const partner = db.prepare(
    `SELECT m.user_id, p.active, EXISTS (
       SELECT 1 FROM blocks b WHERE (b.user_id = ?2 AND b.blocked_user_id = m.user_id) OR (b.user_id = m.user_id AND b.blocked_user_id = ?2)
     ) AS blocked
     FROM members m LEFT JOIN profiles p ON p.user_id = m.user_id WHERE m.room_id = ?1 AND m.user_id <> ?2`,
  )
  const member = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id = ?')
  const members = db.prepare('SELECT * FROM members WHERE room_id = ? ORDER BY user_id')
  const memberPage = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id > ? ORDER BY user_id LIMIT ?')
  const readSeqs = db.prepare('SELECT read_seq FROM members WHERE room_id = ? ORDER BY read_seq')
  const mine = db.prepare('SELECT room_id, join_seq FROM members WHERE user_id = ?')
  // The page is cut before anything is looked up that only its rooms need.
  const list = db.prepare(
    `WITH page AS MATERIALIZED (
       SELECT m.user_id, m.role, m.join_seq, m.joined_at, m.read_seq, m.muted, m.hidden,
         r.id, r.type, r.name, r.created_by, r.created_at, r.last_seq, r.rev, r.member_count, r.last_activity_at
       FROM members m JOIN rooms r ON r.id = m.room_id
       WHERE m.user_id = ?1 AND ((?5 IS NULL AND m.hidden = 0) OR m.room_id = ?5) AND (r.last_activity_at, r.id) < (?2, ?3)
       ORDER BY r.last_activity_at DESC, r.id DESC LIMIT ?4
     )
     SELECT page.*,
       p.user_id AS p_user_id, p.role AS p_role, p.join_seq AS p_join_seq, p.joined_at AS p_joined_at, p.read_seq AS p_read_seq,
       (SELECT count(*) FROM members u WHERE u.room_id = page.id AND u.read_seq < page.last_seq) AS last_unread
     FROM page LEFT JOIN members p ON page.type = 'direct' AND p.room_id = page.id AND p.user_id <> page.user_id
     ORDER BY page.last_activity_at DESC, page.id DESC`,
  )
  const lastMessages = db.prepare(
    `SELECT m.* FROM json_each(?) place JOIN messages m ON m.room_id = place.value ->> 0 AND m.seq = place.value ->> 1`,
  )
  const invite = db.prepare('SELECT invite_code, invite_expires_at FROM rooms WHERE id = ? AND invite_code IS NOT NULL')
  const byInvite = db.prepare(
    'SELECT id FROM rooms WHERE invite_code = ? AND (invite_expires_at IS NULL OR invite_expires_at > ?) AND member_count > 0',
  )

  return {
    openDirect: async (command) => (await writer.call('openDirect', command)).value,
    createGroup: async (command) => (await writer.call('createGroup', command)).value,
    addMembers: async (command) => (await writer.call('addMembers', command)).value,
    removeMember: async (command) => (await writer.call('removeMember', command)).value,
    hideDirect: async (command) => void (await writer.call('hideDirect', command)),
    rename: async (command) => (await writer.call('rename', command)).value,
    setRole: async (command) => (await writer.call('setRole', command)).value,
    setMuted: async (command) => void (await writer.call('setMuted', command)),
    setInvite: async (command) => void (await writer.call('setInvite', command)),
    markRead: async (command) => (await writer.call('markRead', command)).value,

    async find(roomId, userId) {
      const row = roomAndMe.get(roomId, userId)
      if (!row) return undefined
      return { room: toRoom(row), me: row['user_id'] === null ? undefined : toMember({ ...row, room_id: roomId }) }
    },
    async partner(roomId, userId) {
      const row = partner.get(roomId, userId)
      // Somebody the read model does not know yet has just registered.
      return row && { user_id: Number(row['user_id']), active: row['active'] !== 0, blocked: row['blocked'] === 1 }
    },
    sender: (roomId, userId) => senders.sender(roomId, userId),
    async member(roomId, userId) {
      const row = member.get(roomId, userId)
      return row && toMember(row)
    },
    members: async (roomId) => members.all(roomId).map(toMember),
    memberPage: async ({ room_id, after_user_id, limit }) =>
      memberPage.all(room_id, after_user_id, limit).map(toMember),
    readSeqs: async (roomId) => readSeqs.all(roomId).map((row) => Number(row['read_seq'])),
    async list({ user_id, room_id, before, limit }) {
      const [at, id] = before ?? [Number.MAX_SAFE_INTEGER, 0]
      const rows = list.all(user_id, at, id, limit, room_id ?? null)
      const places = rows.filter((row) => Number(row['last_seq']) > Number(row['join_seq']))
      const lasts = new Map<number, MessageRow>()
      for (const row of lastMessages.all(JSON.stringify(places.map((row) => [row['id'], row['last_seq']]))))
        lasts.set(Number(row['room_id']), toMessageRow(row))
      return rows.map((row) => {
        const found = toRoom(row)
        return {
          room: found,
          me: toMember(row, found.id),
          partner: row['p_user_id'] === null ? null : partnerOf(row, found.id),
          last: lasts.get(found.id) ?? null,
          last_unread: Number(row['last_unread']),
          hidden: row['hidden'] === 1,
          last_activity_at: Number(row['last_activity_at']),
        }
      })
    },
    roomIdsOf: async (userId) =>
      mine.all(userId).map((row) => ({ room_id: Number(row['room_id']), join_seq: Number(row['join_seq']) })),

    async invite(roomId) {
      const row = invite.get(roomId)
      if (!row) return undefined
      const expires = row['invite_expires_at']
      return { code: row['invite_code'] as string, expires_at: expires === null ? null : Number(expires) }
    },
    async roomOfInvite(code, now) {
      const row = byInvite.get(code, now)
      return row && Number(row['id'])
    },
  }
}

const partnerOf = (row: Record<string, SQLOutputValue>, roomId: number) =>
  toMember({
    room_id: roomId,
    user_id: row['p_user_id']!,
    role: row['p_role']!,
    join_seq: row['p_join_seq']!,
    joined_at: row['p_joined_at']!,
    read_seq: row['p_read_seq']!,
    muted: 0,
  })
