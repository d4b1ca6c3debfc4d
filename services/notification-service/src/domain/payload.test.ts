import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode, type Payload } from './payload.ts'

const empty: Payload = { tag: 't', kind: 'message', title: '', body: '', link: '', silent: false, unread: 0, at: 0 }

test('a push has 3,000 bytes at most, and never half a letter', () => {
  const letters = fc.array(fc.constantFrom('가', '👨‍👩‍👧', 'a', '"', '\n', '𠮷', '\u0000'), { maxLength: 900 })
  fc.assert(
    fc.property(letters, (parts) => {
      const body = parts.join('')
      const text = encode({ ...empty, body })
      assert.ok(Buffer.byteLength(text) <= 3_000)
      const told = (JSON.parse(text) as Payload).body
      assert.ok(told === body || body.startsWith(told.slice(0, -1)))
      assert.equal(told.isWellFormed(), true)
    }),
  )
})

test('what is short is told whole', () => {
  assert.equal((JSON.parse(encode({ ...empty, body: '저녁 먹었어?' })) as Payload).body, '저녁 먹었어?')
})
