import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { searchText } from '../../domain/search-text.ts'
import type { MessageLog } from '../../ports.ts'
import { createMissed } from '../sqlite/feed.ts'
import { createMemberships } from '../sqlite/memberships.ts'
import { createMessageReads } from '../sqlite/message-log.ts'
import { createRoomQueries } from '../sqlite/room-queries.ts'
import { toMember, toMessageRow, toRoom } from '../sqlite/rows.ts'
import { createSenderCache } from '../sqlite/sender-cache.ts'
import { createSnapshot } from '../sqlite/snapshot.ts'
import type { ChatTables, Found, StoredRoom, Wanted } from './ports.ts'
import { createApply } from './tables.fixture.ts'

/** Tables of the log in an SQLite database that one process has: what the embedded store reads from them is what it promises. */
export function createTables(db: DatabaseSync, partitions: number): ChatTables {
  for (let p = 0; p < partitions; p++) db.prepare('INSERT INTO partition_positions VALUES (?, 0, 0)').run(p)
  const apply = createApply(db)
  const snapshot = createSnapshot(db)
  const missed = createMissed(db)
  const all = (sql: string, ...values: SQLInputValue[]) => db.prepare(sql).all(...values)
  const positions = () =>
    all('SELECT n, at FROM partition_positions ORDER BY p').map((row) => ({
      n: Number(row['n']),
      at: Number(row['at']),
    }))

  const findRoom = (id: number): StoredRoom[] =>
    all('SELECT * FROM rooms WHERE id = ?', id).map((row) => ({
      ...toRoom(row),
      f: Number(row['f']),
      last_activity_at: Number(row['last_activity_at']),
      pins: all('SELECT 1 FROM messages WHERE room_id = ? AND pinned_at IS NOT NULL', id).length,
      members: all('SELECT * FROM members WHERE room_id = ?', id).map((member) => ({
        ...toMember(member),
        hidden: member['hidden'] === 1,
      })),
      former: all('SELECT user_id, via FROM former_members WHERE room_id = ?', id).map((former) => ({
        user_id: Number(former['user_id']),
        via: former['via'] as 'left' | 'removed' | 'closed' | null,
      })),
      invitations: all('SELECT * FROM invitations WHERE room_id = ?', id).map((invitation) => ({
        user_id: Number(invitation['user_id']),
        invited_by: Number(invitation['invited_by']),
        created_at: Number(invitation['created_at']),
        declined_at: invitation['declined_at'] === null ? null : Number(invitation['declined_at']),
      })),
    }))

  const find = ({ rooms, rows, sent, names, counts }: Wanted): Found => ({
    rooms: rooms.flatMap(findRoom),
    rows: rows.flatMap(({ room_id, seq }) =>
      all('SELECT * FROM messages WHERE room_id = ? AND seq = ?', room_id, seq).map(toMessageRow),
    ),
    sent: sent.flatMap(({ room_id, user_id, client_message_id }) =>
      all(
        'SELECT * FROM messages WHERE room_id = ? AND user_id = ? AND client_message_id = ?',
        room_id,
        user_id,
        client_message_id,
      ).map(toMessageRow),
    ),
    names: new Map(
      names.flatMap((id) =>
        all('SELECT display_name FROM profiles WHERE user_id = ?', id).map(
          (row) => [id, row['display_name'] as string] as const,
        ),
      ),
    ),
    counts: new Map(counts.map((id) => [id, all('SELECT 1 FROM members WHERE user_id = ?', id).length] as const)),
    positions: positions(),
  })

  return {
    positions: async () => positions(),
    apply: async (p, documents) => apply(p, documents),
    async memberships(member) {
      const reached = positions()
      const sql =
        'SELECT m.room_id, m.join_f, r.f, r.n FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = ?'
      return all(sql, member).map((row) => {
        const room = Number(row['room_id'])
        const n = Math.max(Number(row['n']), reached[room % partitions]!.n)
        return { room, f: Number(row['f']), n, joined: Number(row['join_f']) }
      })
    },
    find: async (wanted) => snapshot(() => find(wanted)),
    messages: { ...createMessageReads(db), search: createScan(db) },
    rooms: {
      ...createMemberships(db, { sender: (roomId, userId) => createSenderCache(db).sender(roomId, userId) }),
      ...createRoomQueries(db),
    },
    missed: async ({ at, ...query }) =>
      snapshot(() => ({ missed: missed({ ...query, pos: at }), positions: positions() })),
    groupsOf: async (userId) =>
      all(
        `SELECT m.room_id FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = ? AND r.type = 'group'`,
        userId,
      ).map((row) => Number(row['room_id'])),
    invitedTo: async (userId) =>
      all('SELECT room_id FROM invitations WHERE user_id = ?', userId).map((row) => Number(row['room_id'])),
  }
}

/** Looks through all of them. */
function createScan(db: DatabaseSync): MessageLog['search'] {
  const visible = db.prepare(
    `SELECT m.* FROM messages m JOIN members mem ON mem.room_id = m.room_id AND mem.user_id = ?1
     WHERE m.seq > mem.join_seq AND m.deleted_at IS NULL AND m.message_type <> 'system' AND (?2 IS NULL OR m.room_id = ?2) AND m.mid < ?3
     ORDER BY m.mid DESC`,
  )
  return async ({ user_id, words, room_id, before, limit }) => {
    if (before !== null && !/^\d{1,15}$/.test(before)) return undefined
    const below = Number(before ?? Number.MAX_SAFE_INTEGER)
    return visible
      .all(user_id, room_id, below)
      .map((hit) => ({ row: toMessageRow(hit), cursor: String(hit['mid']) }))
      .filter(({ row }) => words.every((word) => searchText(row.content, row.file).includes(word)))
      .slice(0, limit)
  }
}
