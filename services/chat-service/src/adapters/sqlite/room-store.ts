import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { RoomStore } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import { createRoomList } from './room-list.ts'
import { toMember, toPartner, toRoom } from './rows.ts'
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
     ) AS blocked, EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = ?2 AND b.blocked_user_id = m.user_id) AS blocked_by_me
     FROM members m LEFT JOIN profiles p ON p.user_id = m.user_id WHERE m.room_id = ?1 AND m.user_id <> ?2`,
  )
  const member = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id = ?')
  const members = db.prepare('SELECT * FROM members WHERE room_id = ? ORDER BY user_id')
  const memberPage = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id > ? ORDER BY user_id LIMIT ?')
  const readSeqs = db.prepare('SELECT read_seq FROM members WHERE room_id = ? ORDER BY read_seq')
  const uncounted = db.prepare(
    `SELECT seq FROM messages
     WHERE room_id = ? AND seq > ? AND (message_type = 'system' OR deleted_at IS NOT NULL) ORDER BY seq`,
  )
  const mine = db.prepare('SELECT room_id, join_seq FROM members WHERE user_id = ?')
  const invite = db.prepare('SELECT invite_code, invite_expires_at FROM rooms WHERE id = ? AND invite_code IS NOT NULL')
  const others = db.prepare('SELECT user_id FROM members WHERE room_id = ? AND user_id <> ? ORDER BY user_id LIMIT ?')
  const invitations = db.prepare(
    `SELECT i.room_id, r.name, r.member_count, i.invited_by, i.created_at
     FROM invitations i JOIN rooms r ON r.id = i.room_id
     WHERE i.user_id = ?1 AND i.declined_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM blocks b WHERE (b.user_id = ?1 AND b.blocked_user_id = i.invited_by) OR (b.user_id = i.invited_by AND b.blocked_user_id = ?1)
     ) ORDER BY i.created_at DESC, i.room_id DESC`,
  )
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
    setInvite: async (command) => (await writer.call('setInvite', command)).value,
    acceptInvitation: async (command) => (await writer.call('acceptInvitation', command)).value,
    declineInvitation: async (command) => (await writer.call('declineInvitation', command)).value,
    markRead: async (command) => (await writer.call('markRead', command)).value,

    async find(roomId, userId) {
      const row = roomAndMe.get(roomId, userId)
      if (!row) return undefined
      return { room: toRoom(row), me: row['user_id'] === null ? undefined : toMember({ ...row, room_id: roomId }) }
    },
    async partner(roomId, userId) {
      const row = partner.get(roomId, userId)
      return row && toPartner(row, 'user_id')
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
    uncounted: async (roomId, after) => uncounted.all(roomId, after).map((row) => Number(row['seq'])),
    ...createRoomList(db),
    others: async (roomId, userId, limit) => others.all(roomId, userId, limit).map((row) => Number(row['user_id'])),
    invitations: async (userId) =>
      invitations.all(userId).map((row) => ({
        room_id: Number(row['room_id']),
        name: row['name'] as string | null,
        member_count: Number(row['member_count']),
        invited_by: Number(row['invited_by']),
        created_at: Number(row['created_at']),
      })),
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
