import { together } from '@bigtech/sql'
import type { RoomType } from '../../domain/room.ts'
import type { Memberships, Sender } from '../../ports.ts'
import { run } from './row-statements.ts'
import { toPartner } from './rows.ts'
import type { ChatDb } from './tables.ts'

type Asked = Readonly<{ roomId: number; userId: number }>

type Row = Readonly<{
  room_id: number
  user_id: number
  type: RoomType
  join_seq: number | null
  partner_id: number | null
  active: number | null
  blocked: number
  blocked_by_me: number
}>

/** Of one statement. */
const MOST = 200

/**
 * Who may send where, as every message asks: many at a time, by one statement that begins after all of them have asked. So nothing is kept that
 * other processes could change.
 */
export function createMysqlSenders(db: ChatDb): Memberships['sender'] {
  const ask = together<Asked, Sender | undefined>(
    async (all) => {
      const values = all.flatMap(({ roomId, userId }) => [roomId, userId])
      const rows = await run<Row>(db, { text: senderQuery(all.length), values })
      const found = new Map(rows.map((row) => [`${row.room_id}/${row.user_id}`, row]))
      return all.map(({ roomId, userId }) => toSender(found.get(`${roomId}/${userId}`)))
    },
    { sizeOf: () => 1, most: MOST },
  )
  return (roomId, userId) => ask({ roomId, userId })
}

/** A direct room has another person for who is one of its two; for anybody else it is the first of them, which comes last. */
const senderQuery = (count: number): string => `
  SELECT asked.room_id, asked.user_id, r.type, m.join_seq, o.user_id AS partner_id, p.active,
    mine.user_id IS NOT NULL OR theirs.user_id IS NOT NULL AS blocked, mine.user_id IS NOT NULL AS blocked_by_me
  FROM (SELECT ? AS room_id, ? AS user_id${' UNION ALL SELECT ?, ?'.repeat(count - 1)}) AS asked
  JOIN rooms r ON r.id = asked.room_id
  LEFT JOIN members m ON m.room_id = r.id AND m.user_id = asked.user_id
  LEFT JOIN members o ON r.type = 'direct' AND o.room_id = r.id AND o.user_id <> asked.user_id
  LEFT JOIN profiles p ON p.user_id = o.user_id
  LEFT JOIN blocks mine ON mine.user_id = asked.user_id AND mine.blocked_user_id = o.user_id
  LEFT JOIN blocks theirs ON theirs.user_id = o.user_id AND theirs.blocked_user_id = asked.user_id
  ORDER BY o.user_id DESC`

function toSender(row: Row | undefined): Sender | undefined {
  if (!row) return undefined
  const { room_id, type, join_seq, partner_id } = row
  return {
    room_type: type,
    me: join_seq === null ? undefined : { room_id, join_seq },
    partner: partner_id === null ? undefined : toPartner({ ...row, partner_id }),
  }
}
