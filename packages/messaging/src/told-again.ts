import type { StoredRecord } from './ports.ts'

/** On a record that is told once more, after the bus had lost it: in its place among those of its key, all of which are told once more with it. */
export const TOLD_AGAIN = 'told-again'

/**
 * What an effect happens once for, of a handler that keeps how things are now: a copy of a profile, who blocks whom. It handles what is told once
 * more even if it has handled it before. Otherwise an event that was lost would come after a newer one of its key that was not, and stay. Other
 * handlers, which count or tell somebody, use `event_id`.
 */
export const occasionOf = ({ value: { event_id }, headers, partition, offset, stored_at }: StoredRecord): string =>
  headers[TOLD_AGAIN] === undefined ? event_id : `${event_id}@${partition}:${offset}:${stored_at}`
