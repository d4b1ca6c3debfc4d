import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { ErrorFactory } from '@bigtech/kernel'
import { defineEvents, messagingErrors, type EventRecord } from '@bigtech/messaging'
import { chatErrors, chatEvents } from '@bigtech/chat-service/contract'
import { commonErrors } from '@bigtech/http'
import { careEvents } from '@bigtech/ai-service/contract'
import { friendEvents } from '@bigtech/friend-service/contract'
import { userEvents } from '@bigtech/user-service/contract'
import { asyncApiDocument } from './generate/asyncapi.ts'
import { redisErrors } from '@bigtech/redis'
import { upstreamErrors } from '@bigtech/server/upstream'
import { catalogues, operationsByCode } from './generate/errors.ts'
import { exampleHeaders, exampleValue } from './generate/event-examples.ts'
import { describeSystem, type System } from './generate/system.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Media = { example?: unknown; examples?: unknown }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  requestBody?: { content: Record<string, Media> }
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>
}

let system: System
before(async () => {
  system = await describeSystem()
})

const operations = (): [string, Operation][] =>
  Object.entries(system.documents.gateway.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, one]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      one,
    ]),
  )

const isJson = ([type]: [string, Media]) => type === 'application/json'

describe('OpenAPI documents', () => {
  it('give each operation an id, a summary, a tag, errors and examples', () => {
    const all = operations()
    assert.ok(all.length > 70, `${all.length} operations`)
    for (const [name, { operationId, summary, tags, requestBody, responses = {} }] of all) {
      assert.ok(operationId && summary && tags?.length === 1, name)
      assert.ok(responses['429'] && responses['500'], `${name} lists its errors`)
      for (const [status, { description }] of Object.entries(responses)) {
        assert.ok(description && description !== 'Default Response', `${name} ${status} is described`)
      }
      const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      assert.ok(answers.length > 0, name)
      const media = [requestBody?.content, ...answers.map(([, { content }]) => content)]
      for (const [type, { example, examples }] of media.flatMap((content) => Object.entries(content ?? {})))
        if (isJson([type, {}])) assert.ok(example !== undefined || examples, `${name} has an example`)
    }
  })

  it('have unique operation ids, across services', () => {
    const ids = operations().map(([, { operationId }]) => operationId)
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    )
  })

  it('say 401 for everything but what is public, and 403 for what is for administrators', () => {
    for (const [name, { security, responses = {} }] of operations()) {
      if (security?.length) assert.ok(responses['401'], name)
      if (name.includes('/api/ops/')) assert.ok(responses['403'], name)
    }
  })

  it('mean the same by a name in every service', () => {
    const { gateway: _merged, ...services } = system.documents
    const seen = new Map<string, string>()
    for (const [service, { components }] of Object.entries(services)) {
      for (const part of ['schemas', 'examples'] as const) {
        for (const [name, value] of Object.entries(components?.[part] ?? {})) {
          const text = JSON.stringify(value)
          assert.equal(seen.get(`${part}/${name}`) ?? text, text, `${part}/${name} of ${service}`)
          seen.set(`${part}/${name}`, text)
        }
      }
    }
  })

  it('refer to named schemas instead of repeating them', () => {
    const { schemas = {} } = system.documents.chat.components ?? {}
    assert.ok(schemas['Room'] && schemas['Message'] && schemas['Problem'])
    const paths = JSON.stringify(system.documents.chat.paths)
    for (const [name, schema] of Object.entries(schemas))
      assert.ok(!paths.includes(JSON.stringify(schema)), `${name} is repeated`)
  })
})

describe('error catalogues', () => {
  /** Not an answer of an operation: WebSocket frames, addresses and methods that do not exist, inside the process only. */
  const ELSEWHERE: readonly ErrorFactory[] = [
    chatErrors.BAD_FRAME,
    commonErrors.ROUTE_NOT_FOUND,
    commonErrors.METHOD_NOT_ALLOWED,
    commonErrors.UPGRADE_REQUIRED,
    messagingErrors.UNKNOWN_TOPIC,
    messagingErrors.RECORD_TOO_LARGE,
    messagingErrors.OUTBOX_NOT_EMPTY,
    // Where services are in other processes: the documents are made of one that has all.
    redisErrors.REDIS_UNAVAILABLE,
    upstreamErrors.SERVICE_UNAVAILABLE,
    upstreamErrors.SERVICE_LOST,
    chatErrors.OUTCOME_UNKNOWN,
    chatErrors.CHAT_BUSY,
  ]
  const all = Object.values(catalogues).flatMap((catalogue) => Object.values(catalogue))

  it('every code is documented by an operation, and every documented code is in a catalogue', () => {
    const used = operationsByCode(system.documents.gateway)
    const codes = new Set(all.map(({ code }) => code))
    const undocumented = all.filter((error) => !used.has(error.code) && !ELSEWHERE.includes(error))
    assert.deepEqual(
      undocumented.map(({ code }) => code),
      [],
    )
    assert.deepEqual(
      [...used.keys()].filter((code) => !codes.has(code)),
      [],
    )
    for (const { code } of ELSEWHERE) assert.ok(!used.has(code), `${code} is no exception any more`)
    assert.match(read('docs/realtime.md'), /`BAD_FRAME`/)
  })

  it('every code is used by the program', () => {
    const files = globSync('{packages,services,apps}/**/*.ts', {
      cwd: root,
      exclude: (name) => name === 'node_modules' || name.endsWith('.test.ts'),
    }).filter((file) => !/(^|\/)(common-)?errors\.ts$/.test(file))
    const program = files.map(read).join('\n')
    for (const { code } of all) assert.ok(new RegExp(`\\b${code}\\b`).test(program), `${code} is thrown nowhere`)
  })

  it('a code stands for one kind and has both texts, with the same placeholders', () => {
    const kinds = new Map<string, string>()
    for (const { code, definition } of all) {
      const { kind, ko, en } = definition
      assert.equal(kinds.get(code) ?? kind, kind, code)
      kinds.set(code, kind)
      assert.match(ko, /[가-힣]/, code)
      assert.match(en, /^[\x20-\x7e]+$/, code)
      const placeholders = (text: string) =>
        [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).toSorted((a, b) => a.localeCompare(b))
      assert.deepEqual(placeholders(ko), placeholders(en), code)
    }
  })
})

describe('documents of events', () => {
  it('docs/events.md and docs/asyncapi.json name every event that exists, and no other', () => {
    const defined = new Set([...userEvents, ...friendEvents, ...chatEvents, ...careEvents].map((event) => event.type))
    // user-service understands it; nobody sends it (see docs/events.md).
    const known = new Set([...defined, 'UserClosureRejected'])
    for (const file of ['docs/events.md', 'docs/asyncapi.json']) {
      const text = read(file)
      for (const type of defined) assert.match(text, new RegExp(`\\b${type}\\b`), `${file}: ${type}`)
    }
    const markdown = read('docs/events.md')
    const named = markdown.match(/`(User|Friend|Message|Messages|Chat|Room)[A-Z]\w*(?=[`(])/g) ?? []
    assert.ok(named.length > defined.size)
    for (const name of named) assert.ok(known.has(name.slice(1)), `docs/events.md: ${name.slice(1)} does not exist`)
    const { components } = JSON.parse(read('docs/asyncapi.json')) as { components: { messages: object } }
    const messages = Object.keys(components.messages).map((name) => name.split('.')[0]!)
    for (const name of messages)
      assert.ok(defined.has(name) || ['DeadLetter', 'DlqRecordResolved'].includes(name), `docs/asyncapi.json: ${name}`)
  })

  it('every handled type is an event, and every topic of the sources has its partitions and retention', () => {
    const defined = new Set(system.events.map((event) => event.type))
    for (const { group, types } of system.consumers)
      for (const type of types) assert.ok(defined.has(type) || type === 'UserClosureRejected', `${group}: ${type}`)
    assert.deepEqual(
      system.topics.map(({ name, partitions, retentionMs }) => [name, partitions, retentionMs / 3_600_000]),
      [
        ['user.events', 3, 168],
        ['user.online_status', 6, 1],
        ['friend.events', 3, 168],
        ['message.events', 10, 168],
        ['chat.events', 3, 168],
        ['care.events', 3, 168],
      ],
    )
  })

  it('the examples are valid events with the key of their topic', () => {
    for (const event of system.events) {
      const value = exampleValue(event) as EventRecord['value']
      const record = { topic: event.topic, key: event.key(value as never), value, headers: exampleHeaders(event) }
      assert.deepEqual(defineEvents([event]).validate(record), [], event.type)
    }
    const document = asyncApiDocument(system) as { operations: object; channels: object }
    assert.ok('chat-service.send.message.events' in document.operations)
    assert.ok('friend-service.receive.user.events' in document.operations)
    assert.ok('user.events.dlq' in document.channels)
  })
})
