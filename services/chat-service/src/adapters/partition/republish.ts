import type { EventRecord } from '@bigtech/messaging'
import { eventId, type Cursors, type LogStore } from '@bigtech/partition-log'
import type { Chat } from './shape.ts'
import { eventOf } from './told.ts'

const DOCUMENTS_AT_ONCE = 50

export type RepublishPorts = Readonly<{
  log: LogStore<Chat>
  cursors: Cursors
  bus: { publish(events: readonly EventRecord[]): Promise<void> }
}>

/**
 * Tells other services once more what a partition told since a time: in its order, under the same ids, up to where its owner has told it. Whoever has an
 * event already passes it over; who has not gets it later than what came after it. Servers may run meanwhile.
 * @param since milliseconds since the epoch, by the clocks of the owners
 * @param onTold told after each part how many events there were so far
 * @returns how many events there were, and whether the log still has all of them: what is older than CHAT_LOG_KEEP it has no more
 */
export async function republishPartition(
  { log, cursors, bus }: RepublishPorts,
  p: number,
  since: number,
  onTold: (events: number) => void = () => {},
): Promise<{ events: number; isWhole: boolean }> {
  const last = await cursors.read(p)
  const { first, isWhole } = await firstSince(log, p, since * 1_000, last)
  let events = 0
  for (let from = first; from <= last;) {
    const documents = await log.read(p, from, Math.min(DOCUMENTS_AT_ONCE, last - from + 1))
    if (documents.length === 0) throw new Error(`partition ${p} has no document ${from}`)
    const records = documents.flatMap(({ n, entries }) =>
      entries.flatMap((entry, i) => eventOf(eventId(p, n, i), entry) ?? []),
    )
    if (records.length > 0) await bus.publish(records)
    events += records.length
    onTold(events)
    from = documents.at(-1)!.n + 1
  }
  return { events, isWhole }
}

/** `at` only grows from one document to the next, and those that were emptied come before all that were not. @param since microseconds */
async function firstSince(log: LogStore<Chat>, p: number, since: number, last: number) {
  let least = 1
  let most = last + 1
  let hasEmptied = false
  let hasOlder = false
  while (least < most) {
    const middle = Math.floor((least + most) / 2)
    const [there] = await log.read(p, middle, 1)
    if (there && there.at >= since) {
      most = middle
      continue
    }
    if (there) hasOlder = true
    else hasEmptied = true
    least = middle + 1
  }
  // Between an emptied document and the first of these there was none that is older: how much is lacking nobody knows.
  return { first: least, isWhole: hasOlder || !hasEmptied }
}
