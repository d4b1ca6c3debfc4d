import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeToken, readToken } from './token.ts'

test('a token is read by its store alone, and only undamaged', () => {
  const at = 1_785_000_000_123_456
  const token = makeToken('f280eade7931', at)
  assert.equal(readToken(token, 'f280eade7931'), at)
  assert.equal(readToken(makeToken('f280eade7931', 0), 'f280eade7931'), 0)
  assert.equal(readToken(token, 'a280eade7931'), undefined)
  for (const damaged of [
    '',
    '.',
    'f280eade7931',
    'f280eade7931.',
    `${token} `,
    `${token}.1`,
    `${token}zzzz`,
    token.replace('.', '.-'),
  ])
    assert.equal(readToken(damaged, 'f280eade7931'), undefined, damaged)
})
