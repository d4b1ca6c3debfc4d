import { type Clock, isoTime, newId, systemClock } from '@bigtech/kernel'
import type { EventRecord } from './ports.ts'

export type MakeOptions = Readonly<{
  /** The time of the change, ms since the epoch; without it the clock's, without that the system's. */
  now?: number
  clock?: Clock
  /** W3C trace context of the change that caused the event. */
  traceparent?: string | undefined
  /** Given when the id must be the same on every attempt (the change itself has it). */
  eventId?: string
  /** Further headers (redaction.ts). */
  headers?: Readonly<Record<string, string>>
}>

/** What is needed to make an event: everything but its schema. Writer threads import no more than this (memory, start-up time). */
export type EventKind<Fields> = Readonly<{
  type: string
  topic: string
  version: number
  source: string
  /** What must stay in order: events of one key go to one partition. */
  key: (fields: Fields) => string
  /** Builds the record; the time and a fresh UUIDv7 id are set here. Does not validate: producers do that in tests. */
  make: (fields: Fields, options?: MakeOptions) => EventRecord
}>

/** @param options.source the producing service as a URI reference; default from the topic: `user.events` → `/user-service` */
export function eventKind<Fields extends object>(options: {
  type: string
  topic: string
  version: number
  source?: string
  key: (fields: Fields) => string
}): EventKind<Fields> {
  const { type, topic, version, key } = options
  const source = options.source ?? `/${topic.split('.')[0]}-service`
  return Object.freeze({
    type,
    topic,
    version,
    source,
    key,
    make(fields: Fields, { now, clock = systemClock, traceparent, eventId = newId(), headers }: MakeOptions = {}) {
      const timestamp = isoTime(now ?? clock.now())
      return {
        topic,
        key: key(fields),
        value: { ...(fields as Record<string, unknown>), event_id: eventId, event_type: type, timestamp },
        headers: {
          'content-type': 'application/json',
          ce_specversion: '1.0',
          ce_id: eventId,
          ce_type: type,
          ce_source: source,
          ce_time: timestamp,
          ce_dataschema: `${source}/events/${type}/v${version}`,
          ...(traceparent === undefined ? {} : { traceparent }),
          ...headers,
        },
      }
    },
  })
}
