import { setTimeout as sleep } from 'node:timers/promises'
import { createKeptEvents, INBOX_RETENTION_MS, KEEP_EVENTS_MS, type OutboxTables } from '@bigtech/messaging'
import { connectMysql, type Kysely } from '@bigtech/sql'
import { operatorLogger } from './chat-partitions.ts'
import type { Settings } from './config.ts'
import { databaseOf, reach } from './profiles/distributed/engines.ts'

/** Services whose events go through a table. Events of rooms are in the log of chat-service, its others in a table. */
const SERVICES = ['user', 'friend', 'chat', 'ai'] as const

/** A relay that runs has told them by then. */
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 200
/** An operator waits longer for a statement than a request does. */
const ANSWER_MS = 60_000

const DAY_MS = 86_400_000

/**
 * What an operator has to know who asks for more than there is; of rooms there may be more.
 * @returns undefined when nothing since then was forgotten
 */
export function isKeptNoMore(since: number, now: number): string | undefined {
  const kept = now - KEEP_EVENTS_MS
  if (since >= kept) return undefined
  const days = KEEP_EVENTS_MS / DAY_MS
  return `The services keep their events for ${days} days: what they told before ${new Date(kept).toISOString()} is kept no more.`
}

/** Of two clocks, of the time until everything is told, and of a day's forgetting. */
const MARGIN_MS = DAY_MS

/**
 * Consumers forget after a time which events they have handled: what was told before that would have its effect once more.
 * @returns from when on events may be told again: `since`, or later
 */
export const stillRemembered = (since: number, now: number): number =>
  Math.max(since, now - INBOX_RETENTION_MS + MARGIN_MS)

/**
 * Has the relays of the services tell once more what they told since a time, and waits until they have.
 * @param since ms since the epoch
 * @returns how many events there were
 */
export async function republishOutboxes(settings: Settings, since: number): Promise<number> {
  const options = { ...databaseOf(settings, 'chat_service'), answerTimeoutMs: ANSWER_MS }
  const db = await reach('MySQL', () => connectMysql<Tables>(options), operatorLogger)
  try {
    let all = 0
    for (const service of SERVICES) {
      const { database } = databaseOf(settings, `${service}_service`)
      // One that was never started has none.
      if (!(await hasOutbox(db, database))) continue
      all += await republishOutbox(db.withSchema(database), `${service}-service`, since)
    }
    return all
  } finally {
    await db.destroy()
  }
}

type Tables = OutboxTables & { 'information_schema.tables': { table_schema: string; table_name: string } }

async function hasOutbox(db: Kysely<Tables>, database: string): Promise<boolean> {
  const table = await db
    .selectFrom('information_schema.tables')
    .select('table_name')
    .where('table_schema', '=', database)
    .where('table_name', '=', 'outbox')
    .executeTakeFirst()
  return table !== undefined
}

async function republishOutbox(db: Kysely<Tables>, service: string, since: number): Promise<number> {
  const kept = createKeptEvents(db)
  const events = await kept.tellAgain(since)
  console.log(`${service}: ${events} events.`)
  const until = performance.now() + PATIENCE_MS
  for (let left = await kept.left(); left > 0; left = await kept.left()) {
    if (performance.now() > until) {
      console.log(`${left} of them wait: they are told as soon as ${service} runs and reaches Kafka.`)
      break
    }
    await sleep(LOOK_EVERY_MS)
  }
  return events
}
