import { isUniqueViolation } from '@bigtech/sql'
import type { ChatDb } from './tables.ts'

/** Ids of rooms. An id that no room has come of yet is free for nobody else. */
export type RoomDirectory = Readonly<{
  /** A new one. */
  next(): Promise<number>
  /** That of the direct room of two people, the same for whoever asks. It says nothing of whether the room is there. */
  ofPair(one: number, other: number): Promise<number>
  /** The same, without making one. */
  findPair(one: number, other: number): Promise<number | undefined>
}>

export function createMysqlRoomDirectory(db: ChatDb): RoomDirectory {
  const insert = async (pair: { lower_id: number; higher_id: number } | Record<string, never>) => {
    const { insertId } = await db.insertInto('room_directory').values(pair).executeTakeFirstOrThrow()
    return Number(insertId)
  }
  const pairOf = (one: number, other: number) => ({ lower_id: Math.min(one, other), higher_id: Math.max(one, other) })
  const find = async ({ lower_id, higher_id }: ReturnType<typeof pairOf>) => {
    const row = await db
      .selectFrom('room_directory')
      .select('id')
      .where('lower_id', '=', lower_id)
      .where('higher_id', '=', higher_id)
      .executeTakeFirst()
    return row?.id
  }

  return {
    next: () => insert({ lower_id: null, higher_id: null } as never),
    findPair: (one, other) => find(pairOf(one, other)),
    async ofPair(one, other) {
      const pair = pairOf(one, other)
      const found = await find(pair)
      if (found !== undefined) return found
      try {
        return await insert(pair)
      } catch (error) {
        // Somebody else was first, and has committed.
        const id = isUniqueViolation(error) ? await find(pair) : undefined
        if (id === undefined) throw error
        return id
      }
    },
  }
}
