import { sql } from '@bigtech/sql'
import type { RoomQueries } from '../../ports.ts'
import { createMysqlRoomList } from './room-list.ts'
import type { ChatDb } from './tables.ts'

export function createMysqlRoomQueries(db: ChatDb): RoomQueries {
  return {
    ...createMysqlRoomList(db),

    async uncounted(roomId, after) {
      const rows = await db
        .selectFrom('uncounted')
        .select('seq')
        .where('room_id', '=', roomId)
        .where('seq', '>', after)
        .orderBy('seq')
        .execute()
      return rows.map(({ seq }) => seq)
    },

    async invitations(userId) {
      const rows = await db
        .selectFrom('invitations as i')
        .innerJoin('rooms as r', 'r.id', 'i.room_id')
        .select(['i.room_id', 'r.name', 'r.member_count', 'i.invited_by', 'i.created_at'])
        .where('i.user_id', '=', userId)
        .where('i.declined_at', 'is', null)
        .where(
          sql<boolean>`NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = i.user_id AND b.blocked_user_id = i.invited_by)
            AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = i.invited_by AND b.blocked_user_id = i.user_id)`,
        )
        .orderBy('i.created_at', 'desc')
        .orderBy('i.room_id', 'desc')
        .execute()
      return rows.map((row) => ({ ...row }))
    },

    async invite(roomId) {
      const row = await db
        .selectFrom('rooms')
        .select(['invite_code', 'invite_expires_at'])
        .where('id', '=', roomId)
        .executeTakeFirst()
      return row?.invite_code ? { code: row.invite_code, expires_at: row.invite_expires_at } : undefined
    },

    async roomOfInvite(code, now) {
      const row = await db
        .selectFrom('rooms')
        .select('id')
        .where('invite_code', '=', code)
        .where((where) => where.or([where('invite_expires_at', 'is', null), where('invite_expires_at', '>', now)]))
        .where('member_count', '>', 0)
        .executeTakeFirst()
      return row?.id
    },
  }
}
