import type { DatabaseSync } from 'node:sqlite'
import type { Memberships, Sender } from '../../ports.ts'
import type { Result } from './log.ts'
import { toPartner } from './rows.ts'

/** Entries kept; beyond, all are read anew. */
const MAX_ENTRIES = 50_000

export type SenderCache = Pick<Memberships, 'sender'> & {
  /** Takes the result of any command, before anybody else learns of it. */
  observe(result: Partial<Result<unknown>> | null | undefined): void
}

/**
 * Who may send where, in memory. The one writer of the file tells what it changed, so an entry lives until a change that
 * concerns it; only members' entries are kept.
 */
export function createSenderCache(db: DatabaseSync): SenderCache {
  const select = db.prepare(
    `SELECT r.type, m.join_seq, o.user_id AS partner_id, p.active, EXISTS (
       SELECT 1 FROM blocks b WHERE (b.user_id = ?2 AND b.blocked_user_id = o.user_id) OR (b.user_id = o.user_id AND b.blocked_user_id = ?2)
     ) AS blocked, EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = ?2 AND b.blocked_user_id = o.user_id) AS blocked_by_me
     FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?2
     LEFT JOIN members o ON r.type = 'direct' AND o.room_id = r.id AND o.user_id <> ?2
     LEFT JOIN profiles p ON p.user_id = o.user_id WHERE r.id = ?1`,
  )
  const rooms = new Map<number, Map<number, Sender>>()
  /** user → direct rooms whose entries tell of them */
  const directOf = new Map<number, Set<number>>()
  let entries = 0

  const remember = (roomId: number, userId: number, sender: Sender) => {
    if (++entries > MAX_ENTRIES) {
      rooms.clear()
      directOf.clear()
      entries = 1
    }
    const room = rooms.get(roomId) ?? new Map<number, Sender>()
    rooms.set(roomId, room.set(userId, sender))
    if (sender.room_type !== 'direct') return
    for (const person of [userId, sender.partner?.user_id ?? userId])
      directOf.set(person, (directOf.get(person) ?? new Set()).add(roomId))
  }

  const forgetRoom = (roomId: number) => {
    entries -= rooms.get(roomId)?.size ?? 0
    rooms.delete(roomId)
  }

  const look = (roomId: number, userId: number): Sender | undefined => {
    const row = select.get(roomId, userId)
    if (!row) return undefined
    const sender: Sender = {
      room_type: row['type'] as Sender['room_type'],
      me: row['join_seq'] === null ? undefined : { room_id: roomId, join_seq: Number(row['join_seq']) },
      partner: row['partner_id'] === null ? undefined : toPartner(row, 'partner_id'),
    }
    if (sender.me) remember(roomId, userId, sender)
    return sender
  }

  return {
    sender: async (roomId, userId) => rooms.get(roomId)?.get(userId) ?? look(roomId, userId),
    observe(result) {
      for (const change of result?.committed ?? []) {
        if (change.kind === 'joined' || change.kind === 'left' || change.kind === 'settings') forgetRoom(change.room_id)
      }
      for (const userId of result?.people ?? []) {
        for (const roomId of directOf.get(userId) ?? []) forgetRoom(roomId)
        directOf.delete(userId)
      }
    },
  }
}
