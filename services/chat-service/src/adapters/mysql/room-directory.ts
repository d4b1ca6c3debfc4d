import { isUniqueViolation } from '@bigtech/sql'
import type { RoomDirectory } from '../partition/ports.ts'
import type { ChatDb } from './tables.ts'

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

  return {
    newGroup: () => insert(null, null),
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
