import { sql } from '@bigtech/sql'
import type { Memberships } from '../../ports.ts'
import { MEMBER, ROOM, toMember, toPartner, toRoom } from './rows.ts'
import { createMysqlSenders } from './senders.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** One statement each, or one for many who ask at the same time: nothing is kept, because other processes change it. */
export function createMysqlMemberships(db: ChatDb): Memberships {
  const inRoom = (roomId: number, on: ChatDb | ChatTrx = db) =>
    on.selectFrom('members').select(MEMBER).where('room_id', '=', roomId)
  const blocked = (
    userId: number,
  ) => sql`EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = ${userId} AND b.blocked_user_id = o.user_id)
    OR EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = o.user_id AND b.blocked_user_id = ${userId}) AS blocked,
    EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = ${userId} AND b.blocked_user_id = o.user_id) AS blocked_by_me`

  return {
    async find(roomId, userId) {
      const row = await db
        .selectFrom('rooms as r')
        .leftJoin('members as m', (join) => join.onRef('m.room_id', '=', 'r.id').on('m.user_id', '=', userId))
        .select(ROOM.map((column) => `r.${column}` as const))
        .select(['m.user_id', 'm.role', 'm.join_seq', 'm.joined_at', 'm.read_seq'])
        .select(['m.muted', 'm.mentions_only', 'm.muted_until'])
        .where('r.id', '=', roomId)
        .executeTakeFirst()
      if (!row) return undefined
      const me =
        row.user_id === null ? undefined : toMember({ ...row, room_id: roomId } as Parameters<typeof toMember>[0])
      return { room: toRoom(row), me }
    },

    sender: createMysqlSenders(db),

    async partner(roomId, userId) {
      const { rows } = await sql<{ partner_id: number; active: number | null; blocked: number; blocked_by_me: number }>`
        SELECT o.user_id AS partner_id, p.active, ${blocked(userId)}
        FROM members o LEFT JOIN profiles p ON p.user_id = o.user_id
        WHERE o.room_id = ${roomId} AND o.user_id <> ${userId} ORDER BY o.user_id LIMIT 1`.execute(db)
      return rows[0] && toPartner(rows[0])
    },

    async member(roomId, userId) {
      const row = await inRoom(roomId).where('user_id', '=', userId).executeTakeFirst()
      return row && toMember(row)
    },
    members: async (roomId) => (await inRoom(roomId).orderBy('user_id').execute()).map(toMember),
    audience: (roomId) =>
      inSnapshot(db, async (trx) => {
        const room = await trx.selectFrom('rooms').select(ROOM).where('id', '=', roomId).executeTakeFirst()
        if (!room) return undefined
        const members = await inRoom(roomId, trx).orderBy('user_id').execute()
        return { room: toRoom(room), members: members.map(toMember) }
      }),
    async membersAmong({ room_id, user_ids, names }) {
      const wanted = [
        ...(user_ids.length > 0 ? [sql`m.user_id IN (${sql.join(user_ids)})`] : []),
        ...(names.length > 0
          ? [sql`m.user_id IN (SELECT user_id FROM profiles WHERE username_key IN (${sql.join(names)}))`]
          : []),
      ]
      if (wanted.length === 0) return []
      const { rows } = await sql<{ user_id: number; username: string }>`
        SELECT m.user_id, COALESCE(p.username, '') AS username
        FROM members m LEFT JOIN profiles p ON p.user_id = m.user_id
        WHERE m.room_id = ${room_id} AND (${sql.join(wanted, sql` OR `)}) ORDER BY m.user_id`.execute(db)
      return rows.map(({ user_id, username }) => ({ user_id, username }))
    },
    memberPage: async ({ room_id, after_user_id, limit }) =>
      (await inRoom(room_id).where('user_id', '>', after_user_id).orderBy('user_id').limit(limit).execute()).map(
        toMember,
      ),
    async others(roomId, userId, limit) {
      const rows = await db
        .selectFrom('members')
        .select('user_id')
        .where('room_id', '=', roomId)
        .where('user_id', '<>', userId)
        .orderBy('user_id')
        .limit(limit)
        .execute()
      return rows.map(({ user_id }) => user_id)
    },
    async roomIdsOf(userId) {
      const rows = await db
        .selectFrom('members')
        .select(['room_id', 'join_seq'])
        .where('user_id', '=', userId)
        .orderBy('room_id')
        .execute()
      return rows.map(({ room_id, join_seq }) => ({ room_id, join_seq }))
    },
    async readSeqs(roomId) {
      const rows = await db
        .selectFrom('members')
        .select('read_seq')
        .where('room_id', '=', roomId)
        .orderBy('read_seq')
        .execute()
      return rows.map(({ read_seq }) => read_seq)
    },
  }
}
