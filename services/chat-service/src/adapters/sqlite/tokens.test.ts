import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { makeToken, readToken } from './tokens.ts'

it('a token gives its position back, to its own database only', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (pos) => {
      assert.equal(readToken(makeToken('f280', pos), 'f280'), pos)
      assert.equal(readToken(makeToken('f280', pos), 'abcd'), undefined)
    }),
  )
})

it('a damaged token is no position', () => {
  for (const token of ['', '.', 'f280', 'f280.', 'f280.-1', 'f280.zzzzzzzzzzzzz', 'f280.1 2', 'f280.A'])
    assert.equal(readToken(token, 'f280'), undefined, token)
})
