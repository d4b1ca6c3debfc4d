import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sample, sendRaw, typesOf } from '../support/index.ts'
import {
  operations,
  assertRefused,
  assertNoFault,
  send,
  nested,
  withJson,
  FATAL,
  snapshot,
  urls,
  itIsAllAsItWas,
} from '../support/hostile-world.ts'

describe('JSON bodies', () => {
  it('there are operations to attack', () => {
    assert.ok(operations.length > 60)
    assert.ok(withJson.length > 20)
  })

  it('malformed JSON, bad UTF-8, __proto__, half surrogate pairs, wrong top-level type', async () => {
    const before = await snapshot()
    const malformed: [string, string | Buffer][] = [
      ['cut off', '{"a":'],
      ['two values', '{} {}'],
      ['a word', 'nul'],
      ['NUL', '\u0000'],
      ['single quotes', "{'a':1}"],
      ['NaN', '{"a":NaN}'],
      ['bad UTF-8', Buffer.from('7b2261223a22fffe227d', 'hex')],
      ['overlong UTF-8', Buffer.from('7b2261223a22c0af227d', 'hex')],
      ['__proto__', '{"__proto__":{"admin":true}}'],
      ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}'],
      ['half a surrogate pair', '{"content":"\\ud800","name":"\\udc00"}'],
      ['half a surrogate pair as a key', '{"\\ud800":1}'],
      ['100 000 levels', nested(100_000)],
      ['100 000 levels inside', `{"content":"x","name":"x","email":"x","more":${nested(100_000)}}`],
      ['100 000 levels with an emoji', `{"content":"\\ud83d\\ude00","more":${nested(100_000)}}`],
    ]
    for (const operation of withJson) {
      for (const [what, body] of malformed)
        assertRefused(await send(operation, body), `${operation.id}, ${what}`, [400])
      for (const body of ['null', '1', '"text"', '[]', '[[]]', 'true'])
        assertRefused(await send(operation, body), `${operation.id}, ${body}`, [400, 422])
      const keyed = await send(operation, `{"a":${nested(100_000)}}`, { 'idempotency-key': `deep-${operation.id}` })
      assertRefused(keyed, `${operation.id}, deep with a key`, [400])
    }
    assert.deepEqual(await snapshot(), before)
    assert.equal(({} as Record<string, unknown>)['admin'], undefined)
  })

  it('wrong media types, and bodies over the limit, also without a length', async () => {
    const before = await snapshot()
    for (const operation of withJson) {
      for (const type of [
        'text/plain',
        'application/xml',
        'image/png',
        'application/x-www-form-urlencoded',
        'nonsense',
      ])
        assertRefused(
          await send(operation, '{"a":1}', { 'content-type': type }),
          `${operation.id}, ${type}`,
          [400, 415, 422],
        )
      assertRefused(await send(operation, `{"a":"${'x'.repeat(2 ** 21)}"}`), `${operation.id}, 2 MiB`, [413])
    }
    const chunk = `${(2 ** 16).toString(16)}\r\n${'x'.repeat(2 ** 16)}\r\n`
    const head = `POST /api/auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
    assert.match(await sendRaw(urls.gateway, head + chunk.repeat(40)), /^HTTP\/1\.1 413 [\s\S]*BODY_TOO_LARGE/)
    const headers = `GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(2 ** 16)}\r\n\r\n`
    assert.match(await sendRaw(urls.gateway, headers), /^HTTP\/1\.1 431 [\s\S]*HEADERS_TOO_LARGE/)
    assert.match(await sendRaw(urls.gateway, 'no HTTP\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*MALFORMED_REQUEST/)
    assert.deepEqual(await snapshot(), before)
  })

  it('each field missing, of another type, too long, out of range', async () => {
    for (const operation of withJson) {
      if (!operation.body) continue
      const good = sample(operation.body) as Record<string, unknown>
      for (const name of operation.body.required ?? []) {
        if (operation.body.properties?.[name]?.default !== undefined) continue
        const { [name]: _left, ...rest } = good
        const problem = assertRefused(await send(operation, rest), `${operation.id} without ${name}`, [422])
        assert.ok(
          problem.errors?.some(({ field }) => field === name),
          `${operation.id}: ${JSON.stringify(problem)}`,
        )
      }
      for (const [name, schema] of Object.entries(operation.body.properties ?? {})) {
        const types = typesOf(schema)
        const wrong: unknown[] = [{}, [], [[]], { $gt: '' }, true, 1.5, -1, 2 ** 53, 1e308, 'x', null]
        for (const value of wrong) {
          const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
          const fits = types.length === 0 || types.some((t) => t === type || (t === 'integer' && type === 'number'))
          const answer = await send(operation, { ...good, [name]: value })
          const what = `${operation.id}.${name} = ${JSON.stringify(value)}`
          if (fits) assertNoFault(answer, what)
          else assertRefused(answer, what, [422])
        }
        if (!types.includes('string') || schema.enum) continue
        const long = await send(operation, { ...good, [name]: '가'.repeat(200_000) })
        assertRefused(long, `${operation.id}.${name}, 200 000 characters`, [422])
        for (const text of [
          '\u0000',
          'a\u0000b',
          '../../etc/passwd',
          "'; DROP TABLE users; --",
          '<script>',
          '%s%n',
          '﷽',
        ])
          if (!FATAL.has(operation.id)) assertNoFault(await send(operation, { ...good, [name]: text }), operation.id)
      }
    }
  })

  it('a list of 300 000 wrong items is answered shortly and soon', async () => {
    const create = operations.find(({ id }) => id === 'createRoom')!
    const started = performance.now()
    const answer = await send(create, `{"type":"group","name":"x","member_ids":[${'"",'.repeat(300_000)}1]}`)
    assertRefused(answer, 'member_ids', [422])
    assert.ok(performance.now() - started < 3_000)
  })
})

itIsAllAsItWas()
