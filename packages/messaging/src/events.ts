import { Value } from 'typebox/value'
import type { EventDefinition } from './contract.ts'
import type { EventRecord } from './ports.ts'

/** `make` and `key` take each event's own fields, so a list of different events can only be described by the rest. */
export type AnyEvent = Omit<EventDefinition, 'make' | 'key'>

export type EventRegistry = Readonly<{
  events: readonly AnyEvent[]
  /** What is wrong with the record: nothing, when empty. For producers' tests. */
  validate(record: EventRecord): string[]
}>

/** All events of a service or of the system, for validation and for the AsyncAPI document. @throws when a type is defined twice */
export function defineEvents(events: readonly AnyEvent[]): EventRegistry {
  const byType = new Map<string, AnyEvent>()
  for (const event of events) {
    if (byType.has(event.type)) throw new Error(`The event type ${event.type} is defined twice`)
    byType.set(event.type, event)
  }
  return {
    events,
    validate(record) {
      const event = byType.get(record.value.event_type)
      return event ? validateEvent(event, record) : [`unknown event type ${record.value.event_type}`]
    },
  }
}

/** What is wrong with a record of this event: its value, topic or CloudEvents headers. */
export function validateEvent(event: AnyEvent, record: EventRecord): string[] {
  const { topic, key, value, headers } = record
  const same = (what: string, actual: unknown, expected: unknown): string[] =>
    actual === expected ? [] : [`${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`]
  return [
    ...Value.Errors(event.valueSchema, value).map((error) => `value${error.instancePath} ${error.message}`),
    ...same('topic', topic, event.topic),
    ...(key === '' ? ['key is empty'] : []),
    ...same('ce_specversion', headers['ce_specversion'], '1.0'),
    ...same('ce_id', headers['ce_id'], value.event_id),
    ...same('ce_type', headers['ce_type'], event.type),
    ...same('ce_source', headers['ce_source'], event.source),
    ...same('ce_time', headers['ce_time'], value.timestamp),
    ...same('content-type', headers['content-type'], 'application/json'),
  ]
}
