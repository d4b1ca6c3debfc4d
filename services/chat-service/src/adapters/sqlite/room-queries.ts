import type { DatabaseSync } from 'node:sqlite'
import type { RoomQueries } from '../../ports.ts'
import { createRoomList } from './room-list.ts'

export function createRoomQueries(db: DatabaseSync): RoomQueries {
  const uncounted = db.prepare(
    `SELECT seq FROM messages
     WHERE room_id = ? AND seq > ? AND (message_type = 'system' OR deleted_at IS NOT NULL) ORDER BY seq`,
  )
  const invitations = db.prepare(
    `SELECT i.room_id, r.name, r.member_count, i.invited_by, i.created_at
     FROM invitations i JOIN rooms r ON r.id = i.room_id
     WHERE i.user_id = ?1 AND i.declined_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM blocks b WHERE (b.user_id = ?1 AND b.blocked_user_id = i.invited_by) OR (b.user_id = i.invited_by AND b.blocked_user_id = ?1)
     ) ORDER BY i.created_at DESC, i.room_id DESC`,
  )
  const invite = db.prepare('SELECT invite_code, invite_expires_at FROM rooms WHERE id = ? AND invite_code IS NOT NULL')
  const byInvite = db.prepare(
    'SELECT id FROM rooms WHERE invite_code = ? AND (invite_expires_at IS NULL OR invite_expires_at > ?) AND member_count > 0',
  )

  return {
    uncounted: async (roomId, after) => uncounted.all(roomId, after).map((row) => Number(row['seq'])),
    ...createRoomList(db),
    invitations: async (userId) =>
      invitations.all(userId).map((row) => ({
        room_id: Number(row['room_id']),
        name: row['name'] as string | null,
        member_count: Number(row['member_count']),
        invited_by: Number(row['invited_by']),
        created_at: Number(row['created_at']),
      })),
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
