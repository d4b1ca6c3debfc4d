import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAttempt, nextCommandKey } from './attempt.ts'

test('commands of an attempt have the same keys each time, and others none', async () => {
  const keys = async () => {
    const first = nextCommandKey()
    await Promise.resolve()
    return [first, nextCommandKey()]
  }
  const [one, again, other] = await Promise.all([asAttempt('a', keys), asAttempt('a', keys), asAttempt('b', keys)])
  assert.deepEqual(one, ['a/0', 'a/1'])
  assert.deepEqual(again, one)
  assert.deepEqual(other, ['b/0', 'b/1'])
  assert.deepEqual(await keys(), [undefined, undefined])
})
