import type { EventRecord, EventValue } from './ports.ts'

/** A record as it is stored: JSON text, parsed when somebody looks at it. Moved on as it is, it costs neither reading nor writing. */
export class EncodedRecord implements EventRecord {
  readonly topic: string
  readonly key: string
  readonly json: EncodedJson

  constructor(topic: string, key: string, json: EncodedJson) {
    this.topic = topic
    this.key = key
    this.json = json
  }

  get value(): EventValue {
    return JSON.parse(this.json.value) as EventValue
  }

  get headers(): Readonly<Record<string, string>> {
    return JSON.parse(this.json.headers) as Record<string, string>
  }
}

export type EncodedJson = Readonly<{ value: string; headers: string }>

export const jsonOf = (record: EventRecord): EncodedJson =>
  record instanceof EncodedRecord
    ? record.json
    : { value: JSON.stringify(record.value), headers: JSON.stringify(record.headers) }
