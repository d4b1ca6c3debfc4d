import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import {
  assertProblem,
  call,
  fill,
  readDocument,
  readOperations,
  registerAdmin,
  sample,
  sendRaw,
  startTestServer,
  type Operation,
} from '../support/index.ts'

const system = await startTestServer({ after })
const { gateway } = system.urls
const admin = await registerAdmin(system)
const operations = await readOperations(gateway)
const document = await readDocument(gateway)

/** Where a request can be refused before anybody asks what it is about; ids that nobody has, so that nothing is changed by what gets through. */
const pathOf = ({ path }: Operation) => fill(path, { room_id: 999_999, user_id: 999_999, id: 999_999 })
const mayHaveBody = ({ method }: Operation) => method !== 'GET'
const responsesOf = ({ path, method }: Operation) => document.paths[path]![method.toLowerCase()]!.responses

/** The document of an operation has the status, and the code among its examples. */
function assertDocumented(operation: Operation, status: number, code: string): void {
  const response = responsesOf(operation)[String(status)]
  assert.ok(response, `${operation.id} does not say ${status} (${code})`)
  const codes = Object.keys(response.content?.['application/problem+json']?.examples ?? {})
  assert.ok(codes.includes(code), `${operation.id} ${status}: ${codes.join(', ')} without ${code}`)
}

const statusAndCode = (raw: string): [number, string] => [
  Number(/^HTTP\/1\.1 (\d{3}) /.exec(raw)?.[1]),
  /"code":"(\w+)"/.exec(raw)?.[1] ?? raw.slice(0, 200),
]

/** Each answer to `request`, compared with the document. */
async function everywhere(
  wanted: readonly Operation[],
  expected: readonly [number, string],
  request: (operation: Operation) => Promise<readonly [number, string]>,
): Promise<void> {
  assert.ok(wanted.length > 0)
  for (const operation of wanted) {
    assert.deepEqual(await request(operation), expected, operation.id)
    assertDocumented(operation, ...expected)
  }
}

const head = (operation: Operation, lines: readonly string[]): string =>
  [
    `${operation.method} ${pathOf(operation)} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${admin.token}`,
    ...lines,
    '',
  ].join('\r\n')

const MEGABYTE = 1_024 * 1_024

describe('every status that occurs is in the documents', () => {
  it('400: a request that cannot be understood', () =>
    everywhere(operations, [400, 'MALFORMED_REQUEST'], async (operation) =>
      statusAndCode(await sendRaw(gateway, head(operation, ['Host: y', 'Connection: close', '']))),
    ))

  it('408: a request that does not arrive, all of them at once', async () => {
    const answers = await Promise.all(
      operations.map(async (operation) => {
        const half = mayHaveBody(operation)
          ? head(operation, ['Content-Type: application/json', 'Content-Length: 10', '', '{'])
          : head(operation, ['X-Half: ']).trimEnd()
        return [operation, statusAndCode(await sendRaw(gateway, half, { deadlineMs: 40_000 }))] as const
      }),
    )
    for (const [operation, answer] of answers) {
      // What needs no body does not wait for it, nor does a refusal.
      if (answer[0] !== 408 && mayHaveBody(operation) && !operation.body) continue
      assert.deepEqual(answer, [408, 'REQUEST_TIMEOUT'], operation.id)
      assertDocumented(operation, 408, 'REQUEST_TIMEOUT')
    }
  })

  it('413: a body of more than a megabyte', () => {
    const json = JSON.stringify({ text: 'x'.repeat(MEGABYTE) })
    const wanted = operations.filter(({ mediaTypes }) => mediaTypes.includes('application/json'))
    return everywhere(wanted, [413, 'BODY_TOO_LARGE'], async (operation) => {
      const answer = await call(operation.method, `${gateway}${pathOf(operation)}`, {
        token: admin.token,
        body: json,
        headers: { 'content-type': 'application/json' },
      })
      return [answer.status, (answer.json() as { code: string }).code]
    })
  })

  it('413, 415 and 400 of a body that nobody asked for', async () => {
    const wanted = operations.filter((operation) => mayHaveBody(operation) && operation.mediaTypes.length === 0)
    for (const operation of wanted)
      for (const [type, body] of [
        ['application/json', JSON.stringify({ text: 'x'.repeat(MEGABYTE) })],
        ['application/json', '{'],
        ['text/csv', 'a,b'],
      ] as const) {
        const url = `${gateway}${pathOf(operation)}`
        const answer = await call(operation.method, url, { body, headers: { 'content-type': type } })
        const { code } = answer.json() as { code: string }
        assertDocumented(operation, answer.status, code)
      }
  })

  it('415: a body of another kind', () => {
    const wanted = operations.filter(({ mediaTypes }) => mediaTypes.includes('application/json'))
    return everywhere(wanted, [415, 'UNSUPPORTED_MEDIA_TYPE'], async (operation) => {
      const answer = await call(operation.method, `${gateway}${pathOf(operation)}`, {
        token: admin.token,
        body: 'a,b',
        headers: { 'content-type': 'text/csv' },
      })
      return [answer.status, (answer.json() as { code: string }).code]
    })
  })

  it('431: a head of 70 kB', () =>
    everywhere(operations, [431, 'HEADERS_TOO_LARGE'], async (operation) =>
      statusAndCode(await sendRaw(gateway, head(operation, [`X-Long: ${'x'.repeat(70_000)}`, '']))),
    ))

  it('405: the other methods of a path are none of its operations', async () => {
    for (const path of Object.keys(document.paths)) {
      const known = Object.keys(document.paths[path]!).map((method) => method.toUpperCase())
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !known.includes(one))) {
        const answer = await call(method, `${gateway}${fill(path, { room_id: 1, id: 1 })}`, { token: admin.token })
        assertProblem(answer, 405, 'METHOD_NOT_ALLOWED')
        const allow = answer.headers.get('allow')?.split(', ') ?? []
        for (const one of known) assert.ok(allow.includes(one), `${path}: ${allow.join()} without ${one}`)
      }
    }
  })

  it('what has a default need not be sent', async () => {
    for (const { id, parameters, body } of operations) {
      for (const { name, schema, required } of parameters)
        if (schema.default !== undefined) assert.ok(!required, `${id}: ${name}`)
      for (const name of body?.required ?? [])
        assert.equal(body?.properties?.[name]?.default, undefined, `${id}: ${name}`)
    }
    const limits = operations.flatMap(({ parameters }) => parameters.filter(({ name }) => name === 'limit'))
    assert.ok(limits.length > 5)
    for (const { schema } of limits) assert.equal(typeof schema.default, 'number')
    const typing = operations.find(({ id }) => id === 'typing')!
    assert.equal(typing.body?.properties?.['typing']?.default, true)
    const room = await admin.post<{ id: number }>('/chat-rooms', { type: 'group', name: '모임' })
    assert.equal((await admin.call('POST', `/chat-rooms/${room.id}/typing`, { body: {} })).status, 204)
  })
})

describe('limits', () => {
  it('503: every operation that needs the store says that it may be out of order', () => {
    for (const operation of operations)
      if (operation.path.startsWith('/api/')) {
        assertDocumented(operation, 503, 'STORAGE_UNAVAILABLE')
        assertDocumented(operation, 503, 'STORAGE_BUSY')
      }
    // tests/e2e/storage-faults.test.ts provokes them.
    assert.ok(responsesOf(operations.find(({ id }) => id === 'ready')!)['503'])
  })

  it('429: the calls of a minute are used up', async (t) => {
    const { urls } = await startTestServer(t, { RATE_LIMIT_ANONYMOUS: '1' })
    await call('GET', `${urls.gateway}/api/nowhere`)
    const counted = operations.filter(({ path }) => path.startsWith('/api/'))
    await everywhere(counted, [429, 'RATE_LIMITED'], async (operation) => {
      const body = operation.body && sample(operation.body)
      const answer = await call(operation.method, `${urls.gateway}${pathOf(operation)}`, { body })
      return [answer.status, (answer.json() as { code: string }).code]
    })
  })
})
