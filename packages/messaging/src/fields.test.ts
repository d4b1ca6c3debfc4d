import assert from 'node:assert/strict'
import { it } from 'node:test'
import { integerField, optionalTextField, textField } from './fields.ts'
import type { StoredRecord } from './ports.ts'

const record = (fields: Record<string, unknown>): StoredRecord => ({
  topic: 'user.events',
  key: '1',
  partition: 0,
  offset: 0,
  stored_at: 0,
  headers: {},
  value: { event_id: 'e', event_type: 'UserRegistered', timestamp: '2026-01-01T00:00:00.000Z', ...fields },
})

it('reads fields of the type asked for', () => {
  const of = record({ user_id: 7, username: '민수', profile_image_url: null })
  assert.equal(integerField(of, 'user_id'), 7)
  assert.equal(textField(of, 'username'), '민수')
  assert.equal(optionalTextField(of, 'username'), '민수')
  assert.equal(optionalTextField(of, 'profile_image_url'), null)
  assert.equal(optionalTextField(of, 'missing'), null)
})

it('refuses others, naming event and field', () => {
  for (const user_id of ['7', 7.5, null, undefined, Number.MAX_SAFE_INTEGER + 1])
    assert.throws(() => integerField(record({ user_id }), 'user_id'), /UserRegistered\.user_id must be an integer/)
  for (const username of [7, null, undefined])
    assert.throws(() => textField(record({ username }), 'username'), /UserRegistered\.username must be a string/)
  assert.throws(() => optionalTextField(record({ username: 7 }), 'username'), TypeError)
})
