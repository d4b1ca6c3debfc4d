import { sql, type Selectable } from 'kysely'
import type { Db, UserTable } from './schema.ts'

/** `%`, `_` and the escape sign itself lose their meaning in a LIKE pattern with `ESCAPE '!'`. */
export const escapeLike = (text: string): string => text.replaceAll(/[!%_]/g, (sign) => `!${sign}`)

/** See UserRecords.search. */
export function searchUsers(
  db: Db,
  { key, viewer, limit }: { key: string; viewer: number; limit: number },
): Promise<Selectable<UserTable>[]> {
  const [inside, prefix] = [`%${escapeLike(key)}%`, `${escapeLike(key)}%`]
  const name = sql.ref('users.username_key')
  const display = sql.ref('users.display_key')
  return db
    .selectFrom('users')
    .selectAll('users')
    .where('status', '=', 'active')
    .where('id', '<>', viewer)
    .where(sql<boolean>`(${name} like ${inside} escape '!' or ${display} like ${inside} escape '!')`)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('relations')
            .select('relations.user_id')
            .where('relations.kind', '=', 'block')
            .where((eb) =>
              eb.or([
                eb.and([eb('relations.user_id', '=', viewer), eb('relations.other_id', '=', eb.ref('users.id'))]),
                eb.and([eb('relations.other_id', '=', viewer), eb('relations.user_id', '=', eb.ref('users.id'))]),
              ]),
            ),
        ),
      ),
    )
    .orderBy(
      sql`case when ${name} = ${key} or ${display} = ${key} then 0
        when ${name} like ${prefix} escape '!' or ${display} like ${prefix} escape '!' then 1 else 2 end`,
    )
    .orderBy('display_key')
    .orderBy('id')
    .limit(limit)
    .execute()
}
