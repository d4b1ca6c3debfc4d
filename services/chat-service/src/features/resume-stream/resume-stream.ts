import { createSemaphore } from '@bigtech/kernel'
import type { Connection, Hub } from '@bigtech/realtime'
import type { Logger } from '@bigtech/telemetry'
import type { ChangeFeed, Memberships } from '../../ports.ts'
import { replay } from './replay.ts'

/**
 * Resumes connections from the token they have; live frames wait behind the replay. Resumes read the store: more than `atOnce`
 * of them wait their turn.
 */
export function createResume(
  { feed, rooms, hub, logger }: { feed: ChangeFeed; rooms: Memberships; hub: Pick<Hub, 'leave'>; logger: Logger },
  atOnce: number,
): (connection: Connection, token: string) => Promise<void> {
  const turns = createSemaphore(atOnce)
  const patient = {
    rooms,
    hub,
    feed: { ...feed, missed: (query: Parameters<ChangeFeed['missed']>[0]) => turns.run(() => feed.missed(query)) },
  }

  return async (connection, token) => {
    connection.hold()
    try {
      await replay(patient, connection, token)
      connection.release()
    } catch (error) {
      logger.warn({ err: error, user_id: connection.user_id }, 'a stream was not resumed and is closed')
      // The store did not answer: the client comes back with the token it has.
      connection.close('internal_error')
    }
  }
}
