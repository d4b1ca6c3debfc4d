import type { Relations } from '../../ports.ts'
import type { Db, UserSchema } from './schema.ts'

export function createRelations(db: Db): Relations {
  type Row = UserSchema['relations']
  const add = async (rows: Row[]) => {
    for (const row of rows) {
      const known = await db
        .selectFrom('relations')
        .select('user_id')
        .where('user_id', '=', row.user_id)
        .where('other_id', '=', row.other_id)
        .where('kind', '=', row.kind)
        .executeTakeFirst()
      if (!known) await db.insertInto('relations').values(row).execute()
    }
  }
  const remove = async (rows: Row[]) => {
    for (const row of rows)
      await db
        .deleteFrom('relations')
        .where('user_id', '=', row.user_id)
        .where('other_id', '=', row.other_id)
        .where('kind', '=', row.kind)
        .execute()
  }
  const friendship = (a: number, b: number): Row[] => [
    { user_id: a, other_id: b, kind: 'friend' },
    { user_id: b, other_id: a, kind: 'friend' },
  ]
  return {
    addFriends: (a, b) => add(friendship(a, b)),
    removeFriends: (a, b) => remove(friendship(a, b)),
    async setBlocked(user_id, other_id, on) {
      const row: Row = { user_id, other_id, kind: 'block' }
      await (on ? add([row]) : remove([row]))
    },
    async friendsOf(userId) {
      const rows = await db
        .selectFrom('relations as friend')
        .select('friend.other_id')
        .where('friend.user_id', '=', userId)
        .where('friend.kind', '=', 'friend')
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('relations as block')
                .select('block.user_id')
                .where('block.kind', '=', 'block')
                .where((eb) =>
                  eb.or([
                    eb.and([eb('block.user_id', '=', userId), eb('block.other_id', '=', eb.ref('friend.other_id'))]),
                    eb.and([eb('block.other_id', '=', userId), eb('block.user_id', '=', eb.ref('friend.other_id'))]),
                  ]),
                ),
            ),
          ),
        )
        .execute()
      return rows.map((row) => row.other_id)
    },
    async removeAll(userId) {
      await db
        .deleteFrom('relations')
        .where((eb) => eb.or([eb('user_id', '=', userId), eb('other_id', '=', userId)]))
        .execute()
    },
  }
}
