import type { Found, StoredInvitation, StoredMember, StoredRoom, Wanted } from '../partition/ports.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
import { positionsOf } from './history.ts'
import { MEMBER, ROOM, toMember, toRoom } from './rows.ts'
import { inSnapshot } from './snapshot.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** All that deciding needs of one moment: a statement for each kind of thing that is wanted, however many there are of it. */
export function createMysqlFind(
  db: ChatDb,
  partitions: number,
  messages: RoomMessages = messagesBeside,
): (wanted: Wanted) => Promise<Found> {
  const find = (wanted: Wanted) =>
    inSnapshot(db, async (trx) => ({
      // First: what is not in the transaction is read of no fewer, unless tables begin to be made anew meanwhile.
      positions: await positionsOf(trx, partitions),
      rooms: await roomsOf(trx, wanted.rooms),
      rows: await messages.at(trx, wanted.rows),
      sent: await messages.sentBy(trx, wanted.sent),
      names: await namesOf(trx, wanted.names),
      counts: await countsOf(trx, wanted.counts),
    }))
  if (!messages.elsewhere) return find
  return async (wanted) => {
    const found = await find(wanted)
    const later = await positionsOf(db, partitions)
    return { ...found, positions: found.positions.map((one, p) => (later[p]!.n < one.n ? later[p]! : one)) }
  }
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
  const [membersOf, formerOf, invitationsOf, pinsOf] = [
    byRoom(members),
    byRoom(former),
    byRoom(invitations),
    byRoom(pins),
  ]
  return rooms.map((room) => ({
    ...toRoom(room),
    f: room.f,
    last_activity_at: room.last_activity_at,
    pins: pinsOf.get(room.id)?.length ?? 0,
    members: (membersOf.get(room.id) ?? []).map(toStoredMember),
    former: (formerOf.get(room.id) ?? []).map(({ user_id, via }) => ({ user_id, via })),
    invitations: (invitationsOf.get(room.id) ?? []).map(toStoredInvitation),
  }))
}

const byRoom = <Row extends { room_id: number }>(rows: readonly Row[]): Map<number, Row[]> =>
  Map.groupBy(rows, ({ room_id }) => room_id)

function toStoredMember(row: Parameters<typeof toMember>[0] & { hidden: number }): StoredMember {
  const { room_id: _room, ...member } = toMember(row)
  return { ...member, hidden: row.hidden === 1 }
}

const toStoredInvitation = ({ user_id, invited_by, created_at, declined_at }: StoredInvitation): StoredInvitation => ({
  user_id,
  invited_by,
  created_at,
  declined_at,
})

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
