import type { MessageRow } from '../../domain/message.ts'
import type { Found, Place, Sent, StoredInvitation, StoredMember, StoredRoom, Wanted } from '../partition/ports.ts'
import { MEMBER, MESSAGE, ROOM, toMember, toMessageRow, toRoom } from './rows.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** All that deciding needs of one moment: a statement for each kind of thing that is wanted, however many there are of it. */
export function createMysqlFind(db: ChatDb): (wanted: Wanted) => Promise<Found> {
  return (wanted) =>
    inSnapshot(db, async (trx) => ({
      rooms: await roomsOf(trx, wanted.rooms),
      rows: await rowsAt(trx, wanted.rows),
      sent: await sentBy(trx, wanted.sent),
      names: await namesOf(trx, wanted.names),
      counts: await countsOf(trx, wanted.counts),
    }))
}

async function roomsOf(trx: ChatTrx, ids: readonly number[]): Promise<StoredRoom[]> {
  if (ids.length === 0) return []
  const rooms = await trx
    .selectFrom('rooms')
    .select([...ROOM, 'f', 'last_activity_at'])
    .where('id', 'in', ids)
    .execute()
  const members = await trx
    .selectFrom('members')
    .select([...MEMBER, 'hidden'])
    .where('room_id', 'in', ids)
    .execute()
  const former = await trx
    .selectFrom('former_members')
    .select(['room_id', 'user_id', 'via'])
    .where('room_id', 'in', ids)
    .execute()
  const invitations = await trx.selectFrom('invitations').selectAll().where('room_id', 'in', ids).execute()
  const pins = await trx.selectFrom('pins').select('room_id').where('room_id', 'in', ids).execute()
  const membersOf = byRoom(members, (row): StoredMember => {
    const { room_id: _room, ...member } = toMember(row)
    return { ...member, hidden: row.hidden === 1 }
  })
  const formerOf = byRoom(former, ({ user_id, via }) => ({ user_id, via }))
  const invitationsOf = byRoom(invitations, ({ user_id, invited_by, created_at, declined_at }): StoredInvitation => ({
    user_id,
    invited_by,
    created_at,
    declined_at,
  }))
  const pinsOf = byRoom(pins, () => 1)
  return rooms.map((room) => ({
    ...toRoom(room),
    f: room.f,
    last_activity_at: room.last_activity_at,
    pins: pinsOf.get(room.id)?.length ?? 0,
    members: membersOf.get(room.id) ?? [],
    former: formerOf.get(room.id) ?? [],
    invitations: invitationsOf.get(room.id) ?? [],
  }))
}

function byRoom<Row extends { room_id: number }, T>(rows: readonly Row[], take: (row: Row) => T): Map<number, T[]> {
  const found = new Map<number, T[]>()
  for (const row of rows) {
    const those = found.get(row.room_id)
    if (those) those.push(take(row))
    else found.set(row.room_id, [take(row)])
  }
  return found
}

async function rowsAt(trx: ChatTrx, places: readonly Place[]): Promise<MessageRow[]> {
  if (places.length === 0) return []
  const rows = await trx
    .selectFrom('messages')
    .select(MESSAGE)
    .where((where) =>
      where.or(places.map(({ room_id, seq }) => where.and([where('room_id', '=', room_id), where('seq', '=', seq)]))),
    )
    .execute()
  return rows.map(toMessageRow)
}

async function sentBy(trx: ChatTrx, sent: readonly Sent[]): Promise<MessageRow[]> {
  if (sent.length === 0) return []
  const rows = await trx
    .selectFrom('messages')
    .select(MESSAGE)
    .where((where) =>
      where.or(
        sent.map(({ room_id, user_id, client_message_id }) =>
          where.and([
            where('room_id', '=', room_id),
            where('user_id', '=', user_id),
            where('client_message_id', '=', Buffer.from(client_message_id)),
          ]),
        ),
      ),
    )
    .execute()
  return rows.map(toMessageRow)
}

async function namesOf(trx: ChatTrx, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('profiles')
    .select(['user_id', 'display_name'])
    .where('user_id', 'in', ids)
    .execute()
  return new Map(rows.map(({ user_id, display_name }) => [user_id, display_name]))
}

async function countsOf(trx: ChatTrx, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('members')
    .select(({ fn }) => ['user_id', fn.countAll<number>().as('n')])
    .where('user_id', 'in', ids)
    .groupBy('user_id')
    .execute()
  return new Map(rows.map(({ user_id, n }) => [user_id, n]))
}
