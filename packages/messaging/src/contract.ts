import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { eventKind, type EventKind } from './event-kind.ts'

export type { EventRecord, TopicConfig } from './ports.ts'
export type { EventKind, MakeOptions } from './event-kind.ts'

/**
 * Pure event definitions, for a service's `contract/`: `import { defineEvent } from '@bigtech/messaging/contract'`.
 * Imports nothing but kernel and typebox.
 */
export type EventDefinition<P extends TProperties = TProperties> = EventKind<Static<TObject<P>>> &
  Readonly<{
    summary: string
    /** The event's own fields. */
    schema: TObject<P>
    /** The whole value on the wire; unknown fields are allowed, so that producers can add some. */
    valueSchema: TObject
  }>

/** Defines one event type of a service (see EventKind). */
export function defineEvent<P extends TProperties>(options: {
  type: string
  topic: string
  version: number
  source?: string
  summary: string
  schema: TObject<P>
  key: (fields: Static<TObject<P>>) => string
}): EventDefinition<P> {
  const { summary, schema, ...kind } = options
  return describeEvent<Static<TObject<P>> & object, P>(eventKind(kind), { summary, schema })
}

/** The definition of an event whose kind is declared apart, so that it can be made without its schema. */
export function describeEvent<Fields extends object, P extends TProperties>(
  kind: EventKind<Fields>,
  { summary, schema }: { summary: string; schema: TObject<P> & (Static<TObject<P>> extends Fields ? unknown : never) },
): EventDefinition<P> {
  const envelope = {
    event_id: Type.String({ minLength: 1 }),
    event_type: Type.Literal(kind.type),
    timestamp: Type.String({ format: 'date-time' }),
  }
  const properties: TProperties = { ...schema.properties, ...envelope }
  const definition = { ...kind, summary, schema, valueSchema: Type.Object(properties, { description: summary }) }
  return Object.freeze(definition) as unknown as EventDefinition<P>
}
