import type { Context } from './context.ts'
import { headsOf, type Entry, type LogDocument, type Position, type Shape } from './document.ts'

/** Tells all processes of a document that is in the projections: frames on the rooms' channels, then its announcement. */
export function publish<T extends Shape>({ ports: { broker } }: Context<T>, document: LogDocument<T>): void {
  const { p, n, at, entries } = document
  const rooms = new Map<number, Entry<T>[]>()
  for (const entry of entries) {
    if (entry.control) continue
    const known = rooms.get(entry.room)
    if (known) known.push(entry)
    else rooms.set(entry.room, [entry])
  }
  for (const [room, those] of rooms) broker.publish({ p, n, room, entries: those })
  const control = entries.filter((entry) => entry.control)
  broker.announce({ p, n, at, heads: headsOf(document), control, floor: undefined })
}

/** Tells how far a partition is, for those that lost something. */
export function announcePlace<T extends Shape>(
  { ports: { broker } }: Context<T>,
  p: number,
  n: number,
  floor: Position | undefined,
): void {
  broker.announce({ p, n, at: undefined, heads: [], control: [], floor })
}
