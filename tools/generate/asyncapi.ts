import {
  dlqTopic,
  DLQ_HEADERS,
  DLQ_RESOLVED_TYPE,
  REPLAYED_OF,
  REPLAY_GROUP,
  RESOLVED,
  withDlq,
} from '@bigtech/messaging'
import { exampleHeaders, exampleValue, keyFieldsOf } from './event-examples.ts'
import type { EventOfSystem, System } from './system.ts'

type Json = Record<string, unknown>

const BINDING_VERSION = '0.5.0'
const text = (description?: string): Json => ({ type: 'string', ...(description ? { description } : {}) })
const sorted = (entries: [string, unknown][]): Json => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
const ref = (path: string): Json => ({ $ref: `#/${path.replaceAll('~', '~0')}` })

/** The AsyncAPI 3.0 document of all topics. The embedded bus and Kafka carry the same records. */
export function asyncApiDocument({ topics, events, consumers }: System): object {
  const producerOf = (topic: string) => events.find((event) => event.topic === topic)!.source.slice(1)
  const eventsOf = (topic: string) => events.filter((event) => event.topic === topic)

  const channel = (topic: (typeof topics)[number]): [string, unknown][] => {
    const [own, dlq] = withDlq([topic]) as [typeof topic, typeof topic]
    return [
      [own.name, channelOf(own, `Events of ${producerOf(own.name)}`, eventsOf(own.name).map(nameOf))],
      [dlq.name, channelOf(dlq, `Events of ${own.name} that a consumer group could not handle`, DEAD)],
    ]
  }

  const send = (topic: string): [string, unknown] => [
    `${producerOf(topic)}.send.${topic}`,
    {
      action: 'send',
      channel: ref(`channels/${topic}`),
      title: `${producerOf(topic)} publishes ${topic}`,
      summary:
        'Written in the transaction of the change (outbox), published by the relay, at least once, in order per key.',
      messages: eventsOf(topic).map((event) => ref(`channels/${topic}/messages/${nameOf(event)}`)),
    },
  ]

  const receive = ({ group, topics: read, types }: (typeof consumers)[number]): [string, unknown][] =>
    read.flatMap((topic): [string, unknown][] => {
      const handled = eventsOf(topic).filter((event) => types.includes(event.type))
      const bindings = { kafka: { groupId: { type: 'string', const: group }, bindingVersion: BINDING_VERSION } }
      return [
        [
          `${group}.receive.${topic}`,
          {
            action: 'receive',
            channel: ref(`channels/${topic}`),
            title: `${group} reads ${topic}`,
            summary: `Consumer group ${group}; effects happen once per event id (inbox). Other types are passed over.`,
            bindings,
            messages: handled.map((event) => ref(`channels/${topic}/messages/${nameOf(event)}`)),
          },
        ],
        [
          `${group}.send.${dlqTopic(topic)}`,
          {
            action: 'send',
            channel: ref(`channels/${dlqTopic(topic)}`),
            title: `${group} gives up on a record of ${topic}`,
            summary: 'After five failed attempts, before the offset moves on.',
            messages: [ref(`channels/${dlqTopic(topic)}/messages/DeadLetter`)],
          },
        ],
      ]
    })

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'BigTech Chat events',
      version: '0.1.0',
      description: 'Events between the services; docs/events.md explains guarantees, retries, dead letters and replay.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    defaultContentType: 'application/json',
    channels: sorted(topics.flatMap(channel)),
    operations: sorted([...topics.map((topic) => send(topic.name)), ...consumers.flatMap(receive)]),
    components: {
      schemas: sorted(events.map((event): [string, unknown] => [nameOf(event), clean(event.valueSchema)])),
      messages: sorted([
        ...events.map((event): [string, unknown] => [nameOf(event), messageOf(event)]),
        ...deadLetters,
      ]),
      messageTraits: { CloudEvent: { headers: cloudEventHeaders } },
    },
  }
}

const DEAD = ['DeadLetter', DLQ_RESOLVED_TYPE]

/** Two services may tell of the same thing; the document's names are unique. */
const nameOf = (event: EventOfSystem): string =>
  event.type === 'UserClosurePrepared' ? `${event.type}.${event.source.slice(1)}` : event.type

function channelOf(
  { name, partitions, retentionMs }: { name: string; partitions: number; retentionMs: number },
  description: string,
  messages: readonly string[],
): object {
  return {
    address: name,
    title: name,
    description,
    messages: Object.fromEntries(messages.map((message) => [message, ref(`components/messages/${message}`)])),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMs },
        bindingVersion: BINDING_VERSION,
      },
    },
  }
}

function messageOf(event: EventOfSystem): object {
  return {
    name: event.type,
    title: event.type,
    summary: event.summary,
    contentType: 'application/json',
    traits: [ref('components/messageTraits/CloudEvent')],
    payload: ref(`components/schemas/${nameOf(event)}`),
    bindings: { kafka: { key: text(`\`${keyFieldsOf(event)}\``), bindingVersion: BINDING_VERSION } },
    examples: [{ name: event.type, headers: exampleHeaders(event), payload: exampleValue(event) }],
  }
}

const cloudEventHeaders = {
  type: 'object',
  description: 'CloudEvents 1.0, binary mode',
  required: ['content-type', 'ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time'],
  properties: {
    'content-type': { type: 'string', const: 'application/json' },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: text('The same as event_id; the key of the inbox'),
    ce_type: text('The same as event_type'),
    ce_source: text('The producing service, e.g. /chat-service'),
    ce_time: { type: 'string', format: 'date-time', description: 'The time of the change' },
    ce_dataschema: text('e.g. /chat-service/events/MessageSent/v1'),
    traceparent: text('W3C trace context of the request that caused the event'),
    [REPLAYED_OF]: text('On a replayed record: `partition:offset` of its dead letter'),
    [REPLAY_GROUP]: text('On a replayed record: the only group that takes it'),
  },
}

const deadLetters: [string, unknown][] = [
  [
    'DeadLetter',
    {
      name: 'DeadLetter',
      title: 'Dead letter',
      summary: 'The record as it was, and in its headers why and where it failed',
      contentType: 'application/json',
      headers: {
        type: 'object',
        required: Object.values(DLQ_HEADERS),
        properties: Object.fromEntries(Object.values(DLQ_HEADERS).map((name) => [name, text()])),
      },
      payload: { type: 'object', description: 'The value of the record that failed' },
    },
  ],
  [
    DLQ_RESOLVED_TYPE,
    {
      name: DLQ_RESOLVED_TYPE,
      title: 'Marker',
      summary: 'A dead letter was replayed or discarded and is no longer open',
      contentType: 'application/json',
      headers: {
        type: 'object',
        required: [RESOLVED],
        properties: { [RESOLVED]: text('`partition:offset` of the dead letter') },
      },
      payload: { type: 'object', properties: { event_id: text(), event_type: text(), timestamp: text() } },
    },
  ],
]

/** Plain JSON without what TypeBox keeps for itself. */
const clean = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema))
