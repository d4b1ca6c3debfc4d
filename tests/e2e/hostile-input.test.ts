import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { WebSocket } from 'ws'
import {
  call,
  DEADLINE_MS,
  fill,
  openGroup,
  readOperations,
  registerAdmin,
  registerAll,
  sample,
  sendRaw,
  startTestServer,
  typesOf,
  type Answer,
  type Frame,
  type Operation,
  type Problem,
  type Room,
} from '../support/index.ts'

/** Whatever is sent: a 4xx problem document or a close code, in time; never a 5xx, a hang, a stack trace, or half of a change. */
const system = await startTestServer({ after })
const { urls, dataDir } = system
const admin = await registerAdmin(system)
const [me, other] = await registerAll(urls, '공격', '상대')
const room = await openGroup(me, '모임', other)
const message = await me.say(room.id, '있던 말')
/** What the attacks may edit, react to and delete. */
const target = await me.say(room.id, '표적')
const operations = await readOperations(urls.gateway)

const own: Record<string, string | number> = {
  room_id: room.id,
  message_id: target.id,
  user_id: other.id,
  emoji: '👍',
  code: 'nothing',
  service: 'user-service',
  topic: 'user.events',
}
/** Who may call it at all: the deeper a request gets, the more there is to break. */
const tokenFor = ({ path }: Operation) => (/\/ops\/|history|status|role$/.test(path) ? admin.token : me.token)
const idFor = ({ path }: Operation) => (path.includes('/users/') ? other.id : path.includes('requests') ? 1 : 'none')
const valuesFor = (operation: Operation) => ({ ...own, id: idFor(operation) })
const queryFor = ({ parameters }: Operation) =>
  new URLSearchParams(
    parameters
      .filter((p) => p.in === 'query' && p.required)
      .map((p): [string, string] => [p.name, String(sample(p.schema))]),
  ).toString()
const urlOf = (operation: Operation, path = fill(operation.path, valuesFor(operation)), query = queryFor(operation)) =>
  `${urls.gateway}${path}${query && `?${query}`}`

const INSIDES = /\n\s+at |node_modules|file:\/\/|\.ts:\d|SQLITE|ERR_[A-Z]{3}|\/work\/|\/tmp\//

/** A refusal in good form; `korean` unless the caller asked for English. */
function assertRefused(answer: Answer, what: string, statuses?: readonly number[], korean = true): Problem {
  const note = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`
  assert.ok(answer.status >= 400 && answer.status < 500, note)
  if (statuses) assert.ok(statuses.includes(answer.status), note)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, note)
  const problem = answer.json() as Problem
  assert.equal(problem.status, answer.status, note)
  assert.match(problem.code, /^[A-Z][A-Z_]+$/, note)
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/, note)
  assert.equal(/[가-힣]/.test(problem.detail), korean, note)
  assert.doesNotMatch(answer.text, INSIDES, note)
  assert.ok(answer.text.length < 20_000, `${what}: an answer of ${answer.text.length} bytes`)
  return problem
}

/** For what may be fine or not: at least no fault of ours. */
function assertNoFault(answer: Answer, what: string): void {
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`)
  assert.doesNotMatch(answer.text, INSIDES, what)
  if (answer.status >= 400) assertRefused(answer, what)
}

const send = (operation: Operation, body: unknown, headers: Record<string, string> = {}) =>
  call(operation.method, urlOf(operation), {
    token: tokenFor(operation),
    body,
    headers: { 'content-type': operation.mediaTypes[0] ?? 'application/json', ...headers },
  })

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const withJson = operations.filter(({ mediaTypes }) => mediaTypes.includes('application/json'))
/** Calls that would end the attacker's own account or session if they got through. */
const FATAL = new Set([
  'closeAccount',
  'logout',
  'endOtherSessions',
  'changePassword',
  'leaveRoom',
  'leaveRoomAsMember',
])

const snapshot = async () => ({
  room: await other
    .room(room.id)
    .then(({ last_seq, rev, name, member_count }) => ({ last_seq, rev, name, member_count })),
  rooms: (await other.get<{ items: Room[] }>('/chat-rooms?limit=1000')).items.length,
})

afterEach(async () => {
  for (const url of Object.values(urls)) assert.equal((await call('GET', `${url}/ready`)).status, 200)
})

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
        assertRefused(await call(method, `${url}/health`), method, [404])
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

describe('files', () => {
  const LIMIT = 10 * 1024 * 1024
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    // Decoders refuse a wrong checksum before anything else: these are right.
    const body = Buffer.concat([Buffer.from(type), data])
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, checksum])
  }
  const bomb = () => {
    const side = 20_000
    const header = Buffer.alloc(13)
    header.writeUInt32BE(side, 0)
    header.writeUInt32BE(side, 4)
    header.set([1, 0, 0, 0, 0], 8)
    const rows = Buffer.alloc((side / 8 + 1) * side)
    return Buffer.concat([png, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
  }
  const form = (bytes: Buffer | string, name: string, type: string) => {
    const data = new FormData()
    data.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], { type }), name)
    return data
  }
  const uploads = [
    ['POST', '/files'],
    ['PUT', '/profile/me/image'],
  ] as const
  const blobs = () =>
    readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

  const lies: [string, () => FormData, number[]][] = [
    ['text that says it is a PNG', () => form('안녕', 'a.png', 'image/png'), [415]],
    ['a JPEG that is none after its first bytes', () => form(jpeg(), 'a.jpg', 'image/jpeg'), [400, 415]],
    ['a PNG that ends early', () => form(Buffer.concat([png, Buffer.alloc(60)]), 'a.png', 'image/png'), [400, 415]],
    ['a PNG of 400 megapixels in a few kB', () => form(bomb(), 'a.png', 'image/png'), [400, 415]],
    ['nothing', () => form('', 'a.png', 'image/png'), [400]],
    ['nothing, as text', () => form('', 'a.txt', 'text/plain'), [400]],
    ['one byte too many', () => form(Buffer.alloc(LIMIT + 1, 1), 'a.bin', 'image/png'), [413]],
    ['HTML that says it is an image', () => form('<html><script>', 'a.html', 'image/svg+xml'), [415]],
  ]
  for (const [method, path] of uploads) {
    for (const [what, body, statuses] of lies)
      it(`${path}: ${what}`, async () => {
        const before = blobs().length
        assertRefused(await me.call(method, path, { body: body() }), what, statuses)
        assert.equal(blobs().length, before, 'something was left behind')
      })

    it(`${path}: forms that are none`, async () => {
      const before = blobs().length
      const part =
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
      const type = 'multipart/form-data; boundary=b'
      const bodies: [string, string, number[]][] = [
        ['no boundary', 'multipart/form-data', [400]],
        ['cut off in the file', type, [400]],
        ['cut off in a header', type, [400]],
        ['no form', type, [400]],
        ['only a field', type, [400]],
        ['no body', type, [400]],
        ['__proto__', type, [400]],
        ['JSON', 'application/json', [400, 415]],
        ['JSON that is none', 'application/json', [400, 415]],
        ['another type', 'application/x-tar', [400, 415]],
      ]
      const texts: Record<string, string> = {
        'no boundary': part,
        'cut off in the file': `${part}${png.toString('latin1')}`,
        'cut off in a header': '--b\r\nContent-Disposition: form-da',
        'no form': 'garbage',
        'only a field': '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nabc\r\n--b--\r\n',
        'no body': '',
        __proto__: '--b\r\nContent-Disposition: form-data; name="__proto__"; filename="a"\r\n\r\nq\r\n--b--\r\n',
        JSON: '{}',
        'JSON that is none': '{',
        'another type': 'x',
      }
      for (const [what, contentType, statuses] of bodies) {
        const headers = { 'content-type': contentType }
        const body = Object.hasOwn(texts, what) ? texts[what] : ''
        assertRefused(await me.call(method, path, { body, headers }), `${path}, ${what}`, statuses)
      }
      assert.equal(blobs().length, before, 'something was left behind')
    })
  }

  it('names are names, never paths', async () => {
    for (const name of [
      '../../../etc/passwd',
      '..\\..\\boot.ini',
      '/etc/passwd',
      'a\u202egnp.exe',
      '..',
      '',
      'x'.repeat(400),
    ]) {
      const answer = await me.call('POST', '/files', { body: form('글', name, 'text/plain') })
      if (answer.status >= 400) {
        assertRefused(answer, name, [400])
        continue
      }
      const stored = (answer.json() as { name: string }).name
      assert.doesNotMatch(stored, /[/\\\u202e]|^\.+$|^$/)
      assert.ok(stored.length <= 150)
    }
  })

  it('and ids are ids', async () => {
    for (const id of ['..%2f..%2fkeys.json', '%2e%2e', 'tmp', encodeURIComponent('/etc/passwd'), '%00'])
      for (const path of [`/files/${id}`, `/files/${id}/thumbnail`])
        assertRefused(await me.call('GET', path), path, [400, 404, 422])
  })
})

function jpeg(): Buffer {
  return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(5_000, 0xab)])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

describe('streams', () => {
  it('cannot be opened with tokens and tickets of nobody', async () => {
    const api = `${urls.gateway}/api`
    const ticketProblem = await call('GET', `${api}/stream?ticket=nobody`)
    assert.equal(assertRefused(ticketProblem, 'ticket', [401]).code, 'TICKET_INVALID')
    assertRefused(await call('GET', `${api}/stream?ticket=${'x'.repeat(300)}`), 'a long ticket', [422])
    assertRefused(await call('GET', `${api}/stream`), 'nothing', [401])
    assert.ok(
      [404, 405].includes(
        (await fetch(`${api}/stream`, { method: 'HEAD', headers: { authorization: `Bearer ${me.token}` } })).status,
      ),
    )
    const { ticket } = await me.post<{ ticket: string }>('/stream/ticket')
    const first = new AbortController()
    const opened = await fetch(`${api}/stream?ticket=${ticket}`, { signal: first.signal })
    assert.equal(opened.status, 200)
    first.abort()
    assertRefused(await call('GET', `${api}/stream?ticket=${ticket}`), 'a used ticket', [401])
  })

  it('an upgrade that is no WebSocket hand-shake, or not at /ws', async () => {
    const shake =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    const auth = `Authorization: Bearer ${me.token}\r\n`
    const request = (line: string, headers: string) => `${line} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`
    const gateway = [
      request('GET /api/ws', shake),
      request('GET /api/ws?ticket=nobody', shake),
      request('GET /api/ws', `${auth}Connection: Upgrade\r\nUpgrade: websocket\r\n`),
      request('GET /api/ws', `${auth}${shake.replace('13', '99')}`),
      request('POST /api/ws', auth + shake),
      request('GET /api/ws', `${auth}Connection: Upgrade\r\nUpgrade: h2c\r\n`),
      request('GET /api/users', auth + shake),
      request('GET /api/auth', shake),
      request('GET /nowhere', shake),
      request('GET /api//', shake),
    ]
    const chat = [request('GET //', auth + shake), request('GET /elsewhere', auth + shake), request('GET /ws/x', shake)]
    for (const [url, requests] of [
      [urls.gateway, gateway],
      [urls.chat, chat],
    ] as const)
      for (const bytes of requests) {
        const answer = await sendRaw(url, bytes, 3_000)
        assert.match(
          answer,
          /^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json[\s\S]*"trace_id":"[0-9a-f]{32}"/,
          answer,
        )
      }
  })

  it('frames that are no commands are answered, each once, and the connection goes on', async (t) => {
    const ws = await me.ws(t)
    const bad = [
      '',
      '{',
      '[]',
      'null',
      '1',
      '"x"',
      '{}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":5}',
    ]
    bad.push('{"type":"send"}', '{"type":"send","room_id":1,"content":{}}', '{"type":"ping","ref":{"a":[]}}')
    bad.push(`{"type":"ping","ref":"${'x'.repeat(1_000)}"}`, `{"type":"x","ref":${nested(60_000)}}`, nested(60_000))
    bad.push(
      '{"type":"send","room_id":1,"content":"\\ud800"}',
      `{"type":"send","content":"${'가'.repeat(20_000)}","room_id":1}`,
    )
    bad.push('{"type":"read","room_id":1,"seq":-1}', '{"type":"react","room_id":1,"message_id":"msg_1_1","emoji":""}')
    for (const text of bad) ws.send(text)
    assert.equal((await ws.command({ type: 'ping' })).type, 'ack')
    const errors = () => ws.frames.filter(({ type }) => type === 'error')
    await ws.seen(() => errors().length === bad.length)
    for (const error of errors()) {
      assert.deepEqual([error.code, error.status], ['BAD_FRAME', 400], JSON.stringify(error))
      assert.match(String(error.detail), /[가-힣]/)
      assert.doesNotMatch(JSON.stringify(error), INSIDES)
    }
    const unknown = await ws.command({ type: 'edit', room_id: room.id, message_id: '../../x', content: 'x' })
    assert.deepEqual([unknown.type, unknown.code], ['error', 'MESSAGE_NOT_FOUND'])
  })

  it('in English too', async (t) => {
    const { openWs } = await import('../support/index.ts')
    const ws = await openWs(t, { url: `${urls.gateway}/api`, token: me.token, headers: { 'accept-language': 'en' } })
    assert.doesNotMatch(String((await ws.command({ type: 'nothing' })).detail), /[가-힣]/)
  })

  it('1000 pipelined bad commands get 1000 errors, and others are served meanwhile', async (t) => {
    const [ws, neighbour] = [await me.ws(t), await other.ws(t)]
    const all = Array.from({ length: 1_000 }, (_, i) =>
      ws.command(i % 2 === 0 ? { type: 'nothing' } : { type: 'send', room_id: 999_999, content: 'x' }, DEADLINE_MS),
    )
    assert.equal((await neighbour.command({ type: 'ping' })).type, 'ack')
    const answers: Frame[] = await Promise.all(all)
    assert.ok(answers.every(({ type }) => type === 'error'))
    assert.equal(new Set(answers.map(({ ref }) => ref)).size, 1_000)
  })

  it('binary frames, frames over 128 KiB, bad UTF-8 and broken framing close the connection', async (t) => {
    const binary = await me.ws(t)
    binary.send(Buffer.from([1, 2, 3]))
    assert.deepEqual(await binary.closed, { code: 4502, reason: 'bad_frame' })
    const large = await me.ws(t)
    large.send(`{"type":"ping","ref":"${'x'.repeat(129 * 1024)}"}`)
    assert.equal((await large.closed).code, 1009)
    for (const bytes of [
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.from('8183000000004fffff', 'hex'),
      Buffer.from([0x81, 0x7f]),
    ]) {
      const broken = await me.ws(t)
      const raw = (broken.socket as unknown as { _socket: { write(bytes: Buffer): void; end(): void } })._socket
      raw.write(bytes)
      if (bytes.length === 2) raw.end()
      const { code } = await broken.closed
      assert.ok([1002, 1005, 1006, 1007].includes(code), String(code))
    }
    const unmasked = new WebSocket(`${urls.gateway.replace('http', 'ws')}/api/ws`, {
      headers: { authorization: `Bearer ${me.token}` },
    })
    const end = new Promise<number>((resolve) => unmasked.once('close', resolve))
    unmasked.once('open', () => unmasked.send('{}', { mask: false }))
    assert.equal(await end, 1002)
  })

  it('resume tokens of nobody', async (t) => {
    for (const token of ['garbage', '', '.', 'a.b.c', '…', 'x'.repeat(190), '0.zzzzzzzzzzz']) {
      const sse = await me.sse(t, Buffer.from(token).toString('latin1'))
      if (token === '') continue
      const resync = await sse.seen('resync_required')
      assert.deepEqual([resync.room_id, resync.reason], [null, 'unknown_token'])
      sse.cut()
    }
  })
})

it('afterwards everything is as it was, and works', async () => {
  const { items } = await other.history(room.id)
  assert.ok(items.some(({ id, content }) => id === message.id && content === '있던 말'))
  const seqs = items.map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => i + 1),
    'gap-free',
  )
  assert.equal((await me.say(room.id, '아직 있음')).content, '아직 있음')
  const health = await admin.get<{ items: { checks: Record<string, { status: string }> }[] }>('/ops/health')
  for (const { checks } of health.items) for (const { status } of Object.values(checks)) assert.equal(status, 'up')
  assert.deepEqual((await admin.get<{ items: unknown[] }>('/ops/dlq')).items, [])
})
