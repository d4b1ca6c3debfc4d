import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { call, fill, sample, sendRaw, type Answer } from '../support/index.ts'
import {
  room,
  operations,
  tokenFor,
  valuesFor,
  queryFor,
  urlOf,
  INSIDES,
  assertRefused,
  assertNoFault,
  send,
  withJson,
  FATAL,
  urls,
  me,
  itIsAllAsItWas,
} from '../support/hostile-world.ts'

describe('paths, queries and headers', () => {
  const NUMBERS = ['-1', '0', 'NaN', 'Infinity', '1.5', '9007199254740992', '9'.repeat(40), 'abc', '0b', '١', '1;2', '']
  const STRINGS = [
    '../../etc/passwd',
    '..\\..\\x',
    '\u0000',
    '__proto__',
    'constructor',
    "' OR 1=1 --",
    'x'.repeat(600),
  ]

  it('every path parameter', async () => {
    for (const operation of operations) {
      if (FATAL.has(operation.id)) continue
      for (const { name, schema } of operation.parameters.filter((p) => p.in === 'path')) {
        const isNumber = schema.type === 'integer'
        for (const value of isNumber ? NUMBERS.filter((text) => text !== '') : STRINGS) {
          const path = fill(operation.path, { ...valuesFor(operation), [name]: value })
          const what = `${operation.id} ${name}=${value.slice(0, 40)}`
          const body = operation.body && sample(operation.body)
          const answer = await call(operation.method, urlOf(operation, path), { token: tokenFor(operation), body })
          if (isNumber) assertRefused(answer, what, [400, 404, 422])
          else assertNoFault(answer, what)
        }
        for (const raw of ['%ff', '%', '%zz', '%ED%A0%80', '%00']) {
          const path = operation.path.replace(`{${name}}`, raw)
          const answer = await call(operation.method, urlOf(operation, fill(path, valuesFor(operation))), {
            token: tokenFor(operation),
            body: operation.body && sample(operation.body),
          })
          assertNoFault(answer, `${operation.id} ${name}=${raw}`)
        }
      }
    }
  })

  it('every query parameter, and cursors of nobody and of other lists', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const cursors = [
      'garbage',
      '!!!',
      encode([]),
      encode({}),
      encode([null]),
      encode([[1]]),
      encode([1.5]),
      encode('1'),
    ]
    const foreign = [encode(['x']), encode([1, 2, 3]), encode(['a', 'b'])]
    for (const operation of operations) {
      for (const { name, schema } of operation.parameters.filter((p) => p.in === 'query')) {
        const attack = async (value: string, expected?: number[]) => {
          const query = new URLSearchParams(queryFor(operation))
          query.set(name, value)
          const url = urlOf(operation, undefined, query.toString())
          if (operation.id === 'streamEvents') return
          const answer = await call(operation.method, url, { token: tokenFor(operation) })
          const what = `${operation.id}?${name}=${value.slice(0, 40)}`
          if (expected) assertRefused(answer, what, expected)
          else assertNoFault(answer, what)
        }
        if (name === 'cursor') for (const value of [...cursors, ...foreign]) await attack(value, [400, 403])
        else if (schema.type === 'integer')
          for (const value of NUMBERS) await (value === '0' || value === '' ? attack(value) : attack(value, [422, 404]))
        else for (const value of STRINGS) await attack(value)
        await attack('x'.repeat(6_000), [400, 403, 422])
        const twice = urlOf(operation, undefined, `${queryFor(operation)}&${name}=1&${name}=2`)
        if (operation.id !== 'streamEvents')
          assertNoFault(await call(operation.method, twice, { token: tokenFor(operation) }), `${operation.id} twice`)
        for (const raw of ['%ff', '%', '%ED%A0%80%00']) {
          const url = `${urlOf(operation, undefined, '')}?${name}=${raw}`
          if (operation.id !== 'streamEvents')
            assertNoFault(await call(operation.method, url, { token: tokenFor(operation) }), `${operation.id} ${raw}`)
        }
      }
    }
  })

  it('credentials that are none', async () => {
    const bad = ['Bearer', 'Bearer ', 'Bearer a.b.c', `Basic ${btoa('a:b')}`, `Bearer ${'x'.repeat(8_000)}`, 'Bearer …']
    for (const authorization of bad.map((text) => Buffer.from(text).toString('latin1')))
      for (const path of ['/profile/me', '/friends', '/chat-rooms', '/ops/topics', '/stream']) {
        const answer = await call('GET', `${urls.gateway}/api${path}`, { headers: { authorization } })
        assertRefused(answer, `${path} ${authorization.slice(0, 20)}`, [401])
      }
  })

  it('odd headers', async () => {
    const odd: Record<string, string>[] = [
      { traceparent: 'garbage' },
      { 'accept-language': 'x'.repeat(4_000) },
      { 'last-event-id': 'garbage' },
      { range: 'bytes=-' },
      { 'if-none-match': '"' },
      { 'content-type': 'application/json' },
      { expect: '200-maybe' },
    ]
    for (const headers of odd)
      for (const path of ['/profile/me', `/messages/${room.id}`])
        assertNoFault(await me.call('GET', path, { headers }).catch(offline), JSON.stringify(headers).slice(0, 60))
    for (const key of ['x'.repeat(300), ' '])
      assertNoFault(
        await me.call('POST', '/chat-rooms', { body: { type: 'direct' }, headers: { 'idempotency-key': key } }),
        'key',
      )
    const long = { body: { type: 'group', name: '키' }, headers: { 'idempotency-key': 'x'.repeat(300) } }
    assertRefused(await me.call('POST', '/chat-rooms', long), 'a key of 300 characters', [400])
  })

  it('speaks English to those who ask for it', async () => {
    for (const operation of withJson)
      assertRefused(await send(operation, '{', { 'accept-language': 'en' }), operation.id, [400], false)
    const nowhere = await call('GET', `${urls.gateway}/api/nowhere`, { headers: { 'accept-language': 'en-GB' } })
    assertRefused(nowhere, 'nowhere', [404], false)
  })

  it('unknown paths and methods, on every port', async () => {
    for (const url of Object.values(urls)) {
      for (const path of ['/nowhere', '/api/nowhere', '/api', '/.env', '/docs/static/..%2f..%2fpackage.json'])
        assertRefused(await call('GET', `${url}${path}`), path, [401, 404])
      for (const method of ['PUT', 'PROPFIND', 'LOCK'])
        assertRefused(await call(method, `${url}/health`), method, [405])
    }
  })
})

/** fetch refuses to send some of it. */
const offline = (error: unknown): Answer => {
  assert.ok(!(error instanceof DOMException && error.name === 'TimeoutError'), String(error))
  return {
    status: 400,
    headers: new Headers({ 'content-type': 'application/problem+json' }),
    text: '{}',
    json: () => ({
      status: 400,
      code: 'NOT_SENT',
      detail: '안 보냄',
      trace_id: '0'.repeat(31) + '1',
    }),
  }
}

describe('malformed HTTP', () => {
  const lines: Record<string, string> = {
    garbage: 'garbage\r\n\r\n',
    'an unknown method': 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
    'a header of 70 kB': `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
    'a negative length': 'POST /api/auth/register HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'two lengths': 'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'length and chunks':
      'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'HTTP/0.9': 'GET /health\r\n\r\n',
    'two hosts': 'GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    'two hosts of an upgrade':
      'GET /ws HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'a NUL in a header': 'GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n',
    TLS: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001',
    'a bad chunk':
      'POST /auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  }
  for (const [what, bytes] of Object.entries(lines))
    it(what, async () => {
      for (const url of Object.values(urls)) {
        const answer = await sendRaw(url, Buffer.from(bytes, 'latin1'))
        assert.match(answer, /^HTTP\/1\.1 4\d\d /, answer)
        assert.match(answer, /application\/problem\+json/)
        assert.match(answer, /"trace_id":"[0-9a-f]{32}"/)
        assert.doesNotMatch(answer, INSIDES)
      }
    })
})

itIsAllAsItWas()
