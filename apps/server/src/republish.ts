import { republishPartition } from '@bigtech/chat-service/adapters'
import { chatTopics } from '@bigtech/chat-service/contract'
import { openPartitions, operatorLogger, progressOf, settingsOfChat } from './chat-partitions.ts'
import { openBus, reach, type Closers } from './profiles/distributed/engines.ts'
import { isKeptNoMore, republishOutboxes, stillRemembered } from './republish-outboxes.ts'
import { StartupError } from './startup-error.ts'

/**
 * Tells the other services once more what happened since a time, after Kafka has lost it: it says that it has what it has not yet written to its
 * disk. What happened in rooms is told from the log of the chats by this program, the rest by the relays of the services, which are to run. @param since a time, ISO 8601 @throws StartupError
 */
export async function republish(since: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  if (env['PROFILE'] !== 'distributed')
    throw new StartupError(
      'There is nothing to republish: on files, events are kept in the same disk as what they tell.',
    )
  const asked = timeOf(since)
  const from = stillRemembered(asked, Date.now())
  const gone = isKeptNoMore(asked, Date.now())
  const settings = settingsOfChat(env)
  const closers: Closers = []
  try {
    const bus = await openBus(settings, 'bigtech-republish', operatorLogger, closers)
    await reach(`Kafka (${settings.KAFKA_BROKERS.join(', ')})`, () => bus.ensureTopics(chatTopics), operatorLogger)
    const chat = await openPartitions(settings)
    closers.push(() => chat.close())
    const lacking: number[] = []
    // People before what they said.
    let all = await republishOutboxes(settings, from)
    for (let p = 0; p < settings.CHAT_PARTITIONS; p++) {
      const { events, isWhole } = await republishPartition({ ...chat, bus }, p, from, progressOf(p, 'events'))
      console.log(`Partition ${p}: ${events} events.`)
      all += events
      if (!isWhole) lacking.push(p)
    }
    console.log(`${all} events since ${new Date(from).toISOString()} were told once more.`)
    if (gone !== undefined) console.log(gone)
    if (from > asked)
      console.log(`What was told before is not told again: who consumes it may have forgotten that it was handled.`)
    if (lacking.length > 0)
      console.log(
        `Of partition ${lacking.join(', ')} the log begins later than that, or with it: what was before is kept no more (CHAT_LOG_KEEP).`,
      )
  } finally {
    for (const closer of closers.toReversed()) await closer()
  }
}

function timeOf(since: string | undefined): number {
  const time = since === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(since) ? Number.NaN : Date.parse(since)
  if (Number.isFinite(time) && time >= 0 && time <= Date.now()) return time
  const given = since === undefined ? '' : ` Given: ${JSON.stringify(since)}.`
  throw new StartupError(`republish needs --since, a time that has passed such as 2026-01-31T09:00:00Z.${given}`)
}
