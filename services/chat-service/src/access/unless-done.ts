import { AppError } from '@bigtech/kernel'
import type { RoomCommands } from '../ports.ts'

/**
 * What is looked at before a change. When it refuses because an earlier attempt at the same request has carried the change out, there is nothing left to do, and
 * "refused" would not be true.
 * @returns undefined when it was done
 */
export async function unlessDone<T>(
  rooms: Pick<RoomCommands, 'wasDone'>,
  roomId: number,
  check: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unavailable' || !(await rooms.wasDone(roomId))) throw error
    return undefined
  }
}
