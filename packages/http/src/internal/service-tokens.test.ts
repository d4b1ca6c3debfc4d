import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import { createSigner } from 'fast-jwt'
import { createServiceTokens, createServiceTokenVerifier } from './service-tokens.ts'

const secret = 'a secret of at least 32 characters'

function open() {
  const clock = createTestClock()
  return {
    clock,
    chat: createServiceTokens({ service: 'chat-service', secrets: [secret], clock }),
    user: createServiceTokenVerifier({ service: 'user-service', secrets: [secret], clock }),
  }
}

test('a service is known by its token, at the service that it is for', () => {
  const { chat, user } = open()
  assert.deepEqual(user.verify(chat.authorization('user-service')), { service: 'chat-service' })
  assert.throws(() => user.verify(chat.authorization('friend-service')), { code: 'TOKEN_INVALID' })
})

test('a token is used again while it is fresh, made anew before it ends, and refused after that', () => {
  const { clock, chat, user } = open()
  const first = chat.authorization('user-service')
  clock.advance(39_000)
  assert.equal(chat.authorization('user-service'), first)
  clock.advance(2_000)
  const second = chat.authorization('user-service')
  assert.notEqual(second, first)
  user.verify(first)
  clock.advance(20_000)
  assert.throws(() => user.verify(first), { code: 'TOKEN_EXPIRED' })
  user.verify(second)
})

test('a secret is changed in rounds: what signs is first, what is accepted is all', () => {
  const [old, fresh] = [secret, 'another secret of 32 characters ....']
  const sides = [[old], [old, fresh], [fresh, old], [fresh]].map((secrets) => ({
    tokens: createServiceTokens({ service: 'chat-service', secrets }),
    verifier: createServiceTokenVerifier({ service: 'user-service', secrets }),
  }))
  // Processes of one round and of the next.
  for (const [index, side] of sides.entries())
    for (const other of [sides[index - 1], side, sides[index + 1]])
      other?.verifier.verify(side.tokens.authorization('user-service'))
  const [before, , , after] = sides
  assert.throws(() => after!.verifier.verify(before!.tokens.authorization('user-service')), { code: 'TOKEN_INVALID' })
})

test('nothing else opens the door', () => {
  const { clock, user } = open()
  const signed = (key: string, claims: object, algorithm: 'HS256' | 'HS512' = 'HS256') =>
    `Bearer ${createSigner({ algorithm, key })({ iat: Math.floor(clock.now() / 1_000), ...claims })}`
  const exp = Math.floor(clock.now() / 1_000) + 60
  const good = { iss: 'bigtech-chat-services', sub: 'chat-service', aud: 'user-service', exp }
  user.verify(signed(secret, good))
  const { exp: _exp, ...endless } = good
  for (const header of [
    signed('another secret of 32 characters ....', good),
    signed(secret, { ...good, iss: 'bigtech-chat', aud: 'bigtech-chat-api' }),
    signed(secret, endless),
    signed(secret, good, 'HS512'),
    `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good)).toString('base64url')}.`,
    'Bearer x',
  ])
    assert.throws(() => user.verify(header), { code: 'TOKEN_INVALID' }, header)
  for (const header of [undefined, '', 'Basic x', 'Bearer'])
    assert.throws(() => user.verify(header), { code: 'NOT_AUTHENTICATED' })
})
