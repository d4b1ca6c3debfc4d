import { sql } from '@bigtech/sql'
import { systemText, type SystemEvent } from '../../domain/message.ts'
import type { ChatDb, ChatTrx } from './tables.ts'

export const ERASED_NAME = '탈퇴한 사용자'

/** Rooms looked at in one statement. */
const ROOMS_TOGETHER = 100

/** Messages of the system name people as they were called then: that name goes from all that tell of this person. */
export async function forgetName(trx: ChatTrx, userId: number): Promise<void> {
  const known = await trx
    .selectFrom('profiles')
    .select('display_name')
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  if (!known || known.display_name === '') return
  // They are of rooms that the person is in or was; those of the system are among what does not count.
  await sql`UPDATE messages m
    JOIN uncounted u ON u.room_id = m.room_id AND u.seq = m.seq
    JOIN (SELECT room_id FROM members WHERE user_id = ${userId}
      UNION SELECT room_id FROM former_members WHERE user_id = ${userId}) r ON r.room_id = u.room_id
    SET m.content = REPLACE(m.content, ${known.display_name}, ${ERASED_NAME})
    WHERE m.message_type = 'system' AND (m.user_id = ${userId}
      OR JSON_EXTRACT(m.\`system\`, '$.new_owner') = ${userId}
      OR JSON_CONTAINS(JSON_EXTRACT(m.\`system\`, '$.user_ids'), ${String(userId)}))`.execute(trx)
}

/**
 * The log still has names of people who were erased since. What was made of it anew has none: where a message of the system tells of
 * somebody erased, all whom it names are called as they are today.
 */
export async function forgetErased(db: ChatDb, p: number): Promise<void> {
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
    const messages = await db
      .selectFrom('uncounted as u')
      .innerJoin('messages as m', (join) => join.onRef('m.room_id', '=', 'u.room_id').onRef('m.seq', '=', 'u.seq'))
      .select(['m.room_id', 'm.seq', 'm.user_id', 'm.system', 'm.content'])
      .where(
        'u.room_id',
        'in',
        rooms.map(({ id }) => id),
      )
      .where('m.message_type', '=', 'system')
      .execute()
    const told = messages.flatMap(({ system, ...row }) => {
      if (system === null) return []
      const event = JSON.parse(system) as SystemEvent
      return [{ ...row, event, people: peopleOf(event, row.user_id) }]
    })
    const people = await profilesOf(db, [...new Set(told.flatMap((row) => row.people))])
    const name = (id: number) => people.get(id)?.display_name ?? `#${id}`
    for (const { room_id, seq, user_id, event, people: those } of told) {
      if (!those.some((id) => people.get(id)?.isErased)) continue
      await db
        .updateTable('messages')
        .set({ content: systemText(event, name, user_id) })
        .where('room_id', '=', room_id)
        .where('seq', '=', seq)
        .execute()
    }
  }
}

const peopleOf = (event: SystemEvent, actor: number): number[] => [
  actor,
  ...('user_ids' in event ? event.user_ids : []),
  ...('new_owner' in event && event.new_owner !== null ? [event.new_owner] : []),
]

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
