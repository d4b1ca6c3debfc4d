import { once } from '@bigtech/messaging'
import type { ChatDb, ChatTrx } from './tables.ts'

const GROUP = 'chat-service'

/** An effect of another service's event, once per event id, in the transaction of its effect. */
export async function inTurn(
  db: ChatDb,
  event: { event_id: string; now: number },
  effect: (trx: ChatTrx) => Promise<void>,
): Promise<void> {
  await once(db, { group: GROUP, eventId: event.event_id, now: event.now }, effect)
}
