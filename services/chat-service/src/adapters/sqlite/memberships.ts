import type { DatabaseSync } from 'node:sqlite'
import type { Memberships } from '../../ports.ts'
import { toMember, toPartner, toRoom } from './rows.ts'
import type { SenderCache } from './sender-cache.ts'
import { createSnapshot } from './snapshot.ts'

export function createMemberships(db: DatabaseSync, { sender }: Pick<SenderCache, 'sender'>): Memberships {
  const roomAndMe = db.prepare(
    `SELECT r.id, r.type, r.name, r.created_by, r.created_at, r.last_seq, r.rev, r.member_count,
       m.user_id, m.role, m.join_seq, m.joined_at, m.read_seq, m.notify, m.muted_until
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
  const room = db.prepare('SELECT * FROM rooms WHERE id = ?')
  const snapshot = createSnapshot(db)
  const among = db.prepare(
    `SELECT m.user_id, coalesce(p.username, '') AS username
     FROM json_each(?2) AS wanted JOIN members m ON m.room_id = ?1 AND m.user_id = wanted.value
     LEFT JOIN profiles p ON p.user_id = m.user_id
     UNION SELECT m.user_id, p.username
     FROM json_each(?3) AS wanted CROSS JOIN profiles p ON p.username_key = wanted.value
     CROSS JOIN members m ON m.room_id = ?1 AND m.user_id = p.user_id
     ORDER BY 1`,
  )
  const memberPage = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id > ? ORDER BY user_id LIMIT ?')
  const others = db.prepare('SELECT user_id FROM members WHERE room_id = ? AND user_id <> ? ORDER BY user_id LIMIT ?')
  const mine = db.prepare('SELECT room_id, join_seq FROM members WHERE user_id = ?')
  const readSeqs = db.prepare('SELECT read_seq FROM members WHERE room_id = ? ORDER BY read_seq')

  return {
    async find(roomId, userId) {
      const row = roomAndMe.get(roomId, userId)
      if (!row) return undefined
      return { room: toRoom(row), me: row['user_id'] === null ? undefined : toMember({ ...row, room_id: roomId }) }
    },
    sender,
    async partner(roomId, userId) {
      const row = partner.get(roomId, userId)
      return row && toPartner(row, 'user_id')
    },
    async member(roomId, userId) {
      const row = member.get(roomId, userId)
      return row && toMember(row)
    },
    members: async (roomId) => members.all(roomId).map((row) => toMember(row)),
    audience: async (roomId) =>
      snapshot(() => {
        const row = room.get(roomId)
        return row && { room: toRoom(row), members: members.all(roomId).map((member) => toMember(member)) }
      }),
    membersAmong: async ({ room_id, user_ids, names }) =>
      among.all(room_id, JSON.stringify(user_ids), JSON.stringify(names)).map((row) => ({
        user_id: Number(row['user_id']),
        username: row['username'] as string,
      })),
    memberPage: async ({ room_id, after_user_id, limit }) =>
      memberPage.all(room_id, after_user_id, limit).map((row) => toMember(row)),
    others: async (roomId, userId, limit) => others.all(roomId, userId, limit).map((row) => Number(row['user_id'])),
    roomIdsOf: async (userId) =>
      mine.all(userId).map((row) => ({ room_id: Number(row['room_id']), join_seq: Number(row['join_seq']) })),
    readSeqs: async (roomId) => readSeqs.all(roomId).map((row) => Number(row['read_seq'])),
  }
}
