import assert from 'node:assert/strict'
import { it } from 'node:test'
import { chatEvents } from '@bigtech/chat-service/contract'
import { friendEvents } from '@bigtech/friend-service/contract'
import { userEvents } from '@bigtech/user-service/contract'
import fc from 'fast-check'
import { isOfHealth, veil, withhold } from './veil.ts'

it('shows what an event is and about whom, and none of its private texts', () => {
  const event = {
    event_type: 'MessageSent',
    message_id: 'msg_1_2',
    room_id: 1,
    content: '비밀번호는 1234',
    people: ['지우'],
    nested: { email: 'a@example.com', deep: [{ name: '엠마' }] },
    deleted: false,
    reply_to: null,
  }
  const shown = veil(event)
  assert.deepEqual(
    [shown['event_type'], shown['message_id'], shown['room_id'], shown['deleted'], shown['reply_to']],
    ['MessageSent', 'msg_1_2', 1, false, null],
  )
  assert.match(String(shown['content']), /^\[10 characters, #[0-9a-f]{8}\]$/)
  assert.doesNotMatch(JSON.stringify(shown), /비밀|1234|지우|example|엠마/)
  assert.equal(veil(event)['content'], shown['content'], 'equal texts look equal')
})

it('whatever is in the text fields, none of it is in what is shown', () => {
  const secret = fc.string({ minLength: 9, maxLength: 30 }).map((text) => `<${text}>`)
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('content', 'display_name', 'email', 'name', 'x'), secret), (fields) => {
      const text = JSON.stringify(veil({ event_type: 'X', ...fields }))
      for (const value of Object.values(fields)) assert.ok(!text.includes(JSON.stringify(value).slice(1, -1)))
    }),
  )
})

it('no event has a private text in a field that is shown', () => {
  const free = new Set([
    'content',
    'display_name',
    'username',
    'email',
    'name',
    'status_message',
    'emoji',
    'reason',
    'profile_image_url',
  ])
  for (const { kind, schema } of [...chatEvents, ...friendEvents, ...userEvents].map((event) => ({
    kind: event.type,
    schema: event.schema,
  }))) {
    const { properties } = schema as unknown as {
      properties: Record<string, { type?: string; format?: string; enum?: unknown }>
    }
    const texts = Object.entries(properties).flatMap(([name, one]) =>
      JSON.stringify(one).includes('"string"') ? [name] : [],
    )
    for (const name of texts) {
      const hidden = veil({ [name]: 'a private text' })[name] !== 'a private text'
      assert.equal(hidden, free.has(name), `${kind}.${name}: decide whether operators may read it (veil.ts)`)
    }
  }
})

it('of health nothing is shown but that something was told', () => {
  for (const topic of ['care.events', 'care.events.dlq', 'blue.care.events']) assert.ok(isOfHealth(topic), topic)
  for (const topic of ['user.events', 'healthcare.eventsx', 'chat.events.dlq']) assert.ok(!isOfHealth(topic), topic)
  const event = {
    event_id: 'e1',
    event_type: 'QuestionnaireAnswered',
    timestamp: 't',
    user_id: 12,
    band: 'severe',
    cues: [],
  }
  const shown = { event_id: 'e1', event_type: 'QuestionnaireAnswered', timestamp: 't' }
  assert.deepEqual(withhold(event), { ...shown, user_id: '[withheld]', band: '[withheld]', cues: '[withheld]' })
})
