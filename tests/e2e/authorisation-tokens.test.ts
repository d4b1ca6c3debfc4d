import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { call, ok, PASSWORD, register, sendRaw, signIn, testProfile, type Person } from '../support/index.ts'
import { TABLE } from '../support/authorisation-table.ts'
import {
  system,
  api,
  operations,
  admin,
  owner,
  world,
  walk,
  assertNothingLeaks,
  assertStatus,
  urls,
  member,
  closed,
} from '../support/authorisation-world.ts'

it('every operation is in the table, and the table names no other', () => {
  assert.deepEqual(operations.map(({ id }) => id).sort(), Object.keys(TABLE).sort())
  for (const operation of operations) assert.equal('anyone' in TABLE[operation.id]!, operation.isPublic, operation.id)
})

describe('without a good token nothing is reached', () => {
  type Header = Record<string, unknown>
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Header
  const [head, payload] = owner.token.split('.', 2).map(decode) as [Header, Header]
  const [rawHead, , rawSignature] = owner.token.split('.') as [string, string, string]
  const ed25519 = (header: Header, claims: Header, key: KeyObject) => {
    const input = `${encode(header)}.${encode(claims)}`
    return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
  }
  const hs256 = (secret: string | Buffer) => {
    const input = `${encode({ ...head, alg: 'HS256' })}.${encode(payload)}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }

  const tokens: Record<string, () => Promise<string | undefined>> = {
    anonymous: async () => undefined,
    'alg none': async () => `${encode({ ...head, alg: 'none' })}.${encode(payload)}.`,
    'alg none, in other letters': async () => `${encode({ ...head, alg: 'nOnE' })}.${encode(payload)}.${rawSignature}`,
    'no signature': async () => owner.token.replace(/\.[^.]*$/, '.'),
    'somebody else’s signature': async () => `${rawHead}.${encode(payload)}.${member.token.split('.')[2]!}`,
    'another user’s claims': async () => `${rawHead}.${encode({ ...payload, sub: String(admin.id) })}.${rawSignature}`,
    'an administrator’s claims': async () => `${rawHead}.${encode({ ...payload, role: 'admin' })}.${rawSignature}`,
    'a key of one’s own, with our key id': async () =>
      ed25519(head, { ...payload, role: 'admin' }, generateKeyPairSync('ed25519').privateKey),
    'a key of one’s own, without key id': async () =>
      ed25519({ alg: 'EdDSA' }, payload, generateKeyPairSync('ed25519').privateKey),
    'a key of one’s own, in the header': async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      return ed25519({ ...head, jwk: publicKey.export({ format: 'jwk' }) }, payload, privateKey)
    },
    'HS256 with the public key as PEM': async () => {
      const { keys } = await ok<{ keys: Record<string, string>[] }>(call('GET', `${api}/.well-known/jwks.json`))
      const key = createPublicKey({ key: keys[0]!, format: 'jwk' })
      return hs256(key.export({ type: 'spki', format: 'pem' }))
    },
    'HS256 with the public key as bytes': async () => {
      const { keys } = await ok<{ keys: { x: string }[] }>(call('GET', `${api}/.well-known/jwks.json`))
      return hs256(Buffer.from(keys[0]!.x, 'base64url'))
    },
    expired: async () => {
      return (await signingKeys())({ ...payload, iat: now() - 1_000, exp: now() - 10 })
    },
    'of another issuer': async () => (await signingKeys())({ ...payload, iss: 'somebody else' }),
    'a refresh token': async () => owner.refreshToken,
    'a session that was ended': async () => {
      const ended = await owner.signIn()
      await ended.post('/auth/logout')
      return knownToBeEnded(ended.token)
    },
    'an account that was deactivated': async () => {
      const inactive = await register(urls, '비활성')
      await admin.patch(`/users/${inactive.id}/status`, { status: 'inactive' })
      return knownToBeEnded(inactive.token)
    },
    'an account that was closed': async () => {
      const gone = await register(urls, '탈퇴')
      await gone.del('/users/me', { password: PASSWORD })
      return knownToBeEnded(gone.token)
    },
  }
  const now = () => Math.floor(Date.now() / 1_000)

  /** Other processes than user-service learn it by a message. */
  async function knownToBeEnded(token: string): Promise<string> {
    for (const path of ['/profile/me', '/friends', '/chat-rooms'])
      await eventually(
        async () => assertStatus(await call('GET', `${api}${path}`, { token }), 401, path),
        testProfile === 'embedded' ? { timeoutMs: 0 } : { timeoutMs: 1_000 },
      )
    return token
  }

  /** Signs with the server's own key, as only a thief of its data folder could. */
  async function signingKeys(): Promise<(claims: Header) => string> {
    const key = await system.privateKey()
    return (claims) => ed25519(head, claims, key)
  }

  it('the server’s key signs tokens that are good, so that the expired one is refused for its age', async () => {
    const token = (await signingKeys())({ ...payload, iat: now(), exp: now() + 60 })
    assert.equal((await call('GET', `${api}/profile/me`, { token })).status, 200)
  })

  for (const [what, make] of Object.entries(tokens))
    it(what, async () => {
      const token = await make()
      for (const operation of closed) {
        const answer = await walk(operation, world, token)
        assertStatus(answer, 401, `${operation.id} with ${what}`)
        assertNothingLeaks(answer, what)
      }
      const stream = await call('GET', `${api}/stream`, { token })
      assertStatus(stream, 401, 'stream')
      const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
      const shake =
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
      const ws = await sendRaw(urls.gateway, `GET /api/ws HTTP/1.1\r\nHost: x\r\n${authorization}${shake}\r\n`)
      assert.match(ws, /^HTTP\/1\.1 401 /)
    })

  it('tickets end with the session they were made in', async () => {
    for (const end of [
      (who: Person) => who.post('/auth/logout'),
      (who: Person) => who.del('/users/me', { password: PASSWORD }),
      (who: Person) => admin.patch(`/users/${who.id}/status`, { status: 'inactive' }),
    ]) {
      const who = await register(urls, '표')
      const { ticket } = await who.post<{ ticket: string }>('/stream/ticket')
      await end(who)
      await knownToBeEnded(who.token)
      assertStatus(await call('GET', `${api}/stream?ticket=${ticket}`), 401, 'a ticket of an ended session')
    }
  })

  it('the open operations', async () => {
    for (const operation of operations) {
      const expected = TABLE[operation.id]
      if (!expected || !('anyone' in expected)) continue
      const answer = await walk(operation, world)
      assertStatus(answer, expected.anyone, operation.id)
      assertNothingLeaks(answer, 'anonymous')
    }
  })

  it('a sign-in to an account that is deactivated or being closed', async () => {
    const inactive = await register(urls, '비활성')
    await admin.patch(`/users/${inactive.id}/status`, { status: 'inactive' })
    const body = { email: inactive.email, password: PASSWORD }
    assertStatus(await call('POST', `${api}/auth/login/json`, { body }), 403, 'login')
    const refresh = { body: { refresh_token: inactive.refreshToken } }
    assert.ok([401, 403].includes((await call('POST', `${api}/auth/refresh`, refresh)).status))
    await admin.patch(`/users/${inactive.id}/status`, { status: 'active' })
    await signIn(urls, inactive)
  })
})
