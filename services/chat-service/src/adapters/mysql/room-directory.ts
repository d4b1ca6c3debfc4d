import { isUniqueViolation } from '@bigtech/sql'
import type { RoomDirectory } from '../partition/ports.ts'
import type { ChatDb } from './tables.ts'

/** As long as a request may be repeated. */
const KEYS_KEPT_MS = 86_400_000

export async function pruneGroupKeys(db: ChatDb, now: number): Promise<void> {
  await db
    .deleteFrom('group_keys')
    .where('created_at', '<', now - KEYS_KEPT_MS)
    .execute()
}

export function createMysqlRoomDirectory(db: ChatDb): RoomDirectory {
  const insert = async (lower_id: number | null, higher_id: number | null) => {
    const { insertId } = await db.insertInto('room_directory').values({ lower_id, higher_id }).executeTakeFirstOrThrow()
    return Number(insertId)
  }
  const find = async (lower_id: number, higher_id: number) => {
    const row = await db
      .selectFrom('room_directory')
      .select('id')
      .where('lower_id', '=', lower_id)
      .where('higher_id', '=', higher_id)
      .executeTakeFirst()
    return row?.id
  }

  const madeFor = async (key: Buffer) => {
    const row = await db.selectFrom('group_keys').select('room_id').where('made_for', '=', key).executeTakeFirst()
    return row?.room_id
  }

  return {
    async newGroup(key) {
      if (key === undefined) return insert(null, null)
      const made_for = Buffer.from(key)
      const known = await madeFor(made_for)
      if (known !== undefined) return known
      const row = { made_for, room_id: await insert(null, null), created_at: Date.now() }
      // Of two that ask at once one gives its id to both; the other id is of nothing.
      await db.insertInto('group_keys').ignore().values(row).execute()
      return (await madeFor(made_for))!
    },
    async direct(userId, otherId) {
      const pair = [Math.min(userId, otherId), Math.max(userId, otherId)] as const
      const found = await find(...pair)
      if (found !== undefined) return found
      try {
        return await insert(...pair)
      } catch (error) {
        // Somebody else was first, and has committed.
        const id = isUniqueViolation(error) ? await find(...pair) : undefined
        if (id === undefined) throw error
        return id
      }
    },
  }
}
