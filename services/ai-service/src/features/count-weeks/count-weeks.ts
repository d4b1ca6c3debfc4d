import { addDays, startOf, type Period } from '@bigtech/kernel/periods'
import { isoTime, type Clock } from '@bigtech/kernel'
import { CareWeekCounted } from '../../contract/events.ts'
import { createCount } from '../../domain/week-count.ts'
import type { WeekStore } from '../../ports.ts'

/** What was handed in at the very end of a week is kept by then. */
const SETTLED_MS = 3_600_000
/** Weeks in which no process ran are made up for, as long as most of their entries are there. */
const WEEKS_BACK = 4
const PAGE = 1_000

export type CountWeeksPorts = Readonly<{ weeks: WeekStore; clock: Clock; timeZone: string; notify(this: void): void }>

/** Tells of each week that is over, once: how much was handed in, in groups of five people and more (`CareWeekCounted`). Whose it was stays here. */
export async function countWeeks({ weeks, clock, timeZone, notify }: CountWeeksPorts): Promise<void> {
  const now = clock.now()
  let end = startOf(now, 'week', timeZone)
  for (let back = 0; back < WEEKS_BACK; back++) {
    const start = addDays(end, -7, timeZone)
    if (now >= end + SETTLED_MS && !(await weeks.isCounted(start))) {
      const groups = await groupsOf(weeks, { start, end })
      const events = groups.map((group) => CareWeekCounted.make({ week_start: isoTime(start), ...group }, { now }))
      if (await weeks.tell({ week_start: start, now, events })) notify()
    }
    end = start
  }
}

async function groupsOf(weeks: WeekStore, week: Period) {
  const count = createCount()
  for (let after = 0; ;) {
    const page = await weeks.entriesOf({ ...week, after, limit: PAGE })
    for (const entry of page) count.add(entry)
    if (page.length < PAGE) return count.groups()
    after = page.at(-1)!.id
  }
}
