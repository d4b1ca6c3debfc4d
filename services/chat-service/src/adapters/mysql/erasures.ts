import { systemText, type SystemEvent } from '../../domain/message.ts'
import { peopleOf } from './erased.ts'
import type { RoomMessages } from './room-messages.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

/** Rooms looked at in one statement. */
const ROOMS_TOGETHER = 100

/** Messages of the system name people as they were called then: that name goes from all that tell of this person. */
export async function forgetName(trx: ChatTrx, messages: RoomMessages, userId: number): Promise<void> {
  const known = await trx
    .selectFrom('profiles')
    .select('display_name')
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  if (known && known.display_name !== '') await messages.forgetName(trx, userId, known.display_name)
}

/**
 * The log still has names of people who were erased since. What was made of it anew has none: where a message of the system tells of
 * somebody erased, all whom it names are called as they are today.
 */
export async function forgetErased(db: ChatDb, p: number, messages: RoomMessages): Promise<void> {
  for (let after = 0; ;) {
    const rooms = await db
      .selectFrom('rooms')
      .select('id')
      .where('p', '=', p)
      .where('id', '>', after)
      .orderBy('id')
      .limit(ROOMS_TOGETHER)
      .execute()
    if (rooms.length === 0) return
    after = rooms.at(-1)!.id
    const found = await messages.systemOf(
      db,
      rooms.map(({ id }) => id),
    )
    const told = found.flatMap(({ system, ...row }) => {
      if (system === null) return []
      const event = JSON.parse(system) as SystemEvent
      return [{ ...row, event, people: peopleOf(event, row.user_id) }]
    })
    const people = await profilesOf(db, [...new Set(told.flatMap((row) => row.people))])
    const name = (id: number) => people.get(id)?.display_name ?? `#${id}`
    for (const { room_id, seq, user_id, event, people: those } of told) {
      if (!those.some((id) => people.get(id)?.isErased)) continue
      await messages.setText(db, { room_id, seq }, systemText(event, name, user_id))
    }
  }
}

async function profilesOf(db: ChatDb, ids: readonly number[]) {
  if (ids.length === 0) return new Map<number, { display_name: string; isErased: boolean }>()
  const rows = await db
    .selectFrom('profiles')
    .select(['user_id', 'username', 'display_name'])
    .where('user_id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ user_id, username, display_name }) => [user_id, { display_name, isErased: username === '' }]),
  )
}
