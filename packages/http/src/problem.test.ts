import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { defineErrors, type ErrorKind } from '@bigtech/kernel'
import { Type } from 'typebox'
import { openHost } from './host.fixture.ts'
import { operation } from './operation.ts'
import { languageOf, statusOf, toAppError, type Problem } from './problem.ts'

const errors = defineErrors({
  ROOM_MISSING: { kind: 'not_found', ko: '{name} 방이 없습니다', en: 'There is no room {name}' },
  LATER: { kind: 'unavailable', ko: '나중에', en: 'later' },
})

const throwing = (thrown: unknown) =>
  openHostThat((app) =>
    app.get(
      '/x',
      operation({ id: 'x', tag: 't', access: 'public', summary: 'x', response: { 200: Type.Any() } }),
      () => {
        throw thrown
      },
    ),
  )
const openHostThat =
  (routes: Parameters<typeof openHost>[1]): ((t: { after(fn: () => unknown): void }) => ReturnType<typeof openHost>) =>
  (t) =>
    openHost(t, routes)

test('every kind of error has a status of its own', () => {
  const expected: Record<ErrorKind, number> = {
    invalid: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    method_not_allowed: 405,
    conflict: 409,
    too_late: 408,
    too_large: 413,
    unsupported_media: 415,
    range_not_satisfiable: 416,
    unprocessable: 422,
    upgrade_required: 426,
    rate_limited: 429,
    headers_too_large: 431,
    internal: 500,
    unavailable: 503,
  }
  assert.deepEqual(statusOf, expected)
})

test('what is refused for a while is logged by its code, and with what was at fault when something else was', async (t) => {
  const full = await throwing(errors.LATER())(t)
  await full.app.inject('/x')
  const broken = await throwing(errors.LATER({ cause: new Error('no connection') }))(t)
  await broken.app.inject('/x')
  const [alone, caused] = [full, broken].map(({ lines }) => lines.find(({ msg }) => msg === 'request refused')!)
  assert.deepEqual([alone!['code'], alone!['err']], ['LATER', undefined])
  assert.match(JSON.stringify(caused!['err']), /no connection/)
})

test('an error of the catalogue becomes a problem document, Korean or English', async (t) => {
  const { app } = await throwing(errors.ROOM_MISSING({ params: { name: '점심' } }))(t)
  const korean = await app.inject('/x')
  assert.equal(korean.statusCode, 404)
  assert.match(String(korean.headers['content-type']), /^application\/problem\+json/)
  const problem = korean.json<Problem>()
  assert.deepEqual(problem, {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: '점심 방이 없습니다',
    code: 'ROOM_MISSING',
    trace_id: String(korean.headers['x-trace-id']),
  })
  const english = await app.inject({ url: '/x', headers: { 'accept-language': 'en-GB,ko;q=0.5' } })
  assert.equal(english.json<Problem>().detail, 'There is no room 점심')
})

test('the first acceptable language decides; Korean is the default', () => {
  assert.equal(languageOf(undefined), 'ko')
  assert.equal(languageOf('ko-KR,en;q=0.8'), 'ko')
  assert.equal(languageOf('en'), 'en')
  assert.equal(languageOf(' EN-us'), 'en')
  assert.equal(languageOf('fr'), 'ko')
  assert.equal(languageOf('english-like'), 'ko')
  assert.equal(languageOf('fr-FR,fr;q=0.9,en;q=0.8'), 'en', 'the first of ours that is liked, not only the very first')
  assert.equal(languageOf('en;q=0.5, ko;q=0.9'), 'ko')
  assert.equal(languageOf('fr, en;q=0, ko;q=0.1'), 'ko')
})

test('what nobody catalogued is a 500 that tells nothing, and is in the log with its trace id', async (t) => {
  const { app, lines } = await throwing(new Error('SELECT * FROM secrets'))(t)
  const answer = await app.inject('/x')
  assert.equal(answer.statusCode, 500)
  assert.equal(answer.json<Problem>().code, 'INTERNAL')
  assert.doesNotMatch(answer.body, /secrets|SELECT|\.ts/)
  const line = lines.find(({ level }) => level === 'error')
  assert.equal(line?.['trace_id'], answer.json<Problem>().trace_id)
  assert.match(JSON.stringify(line), /SELECT \* FROM secrets/)
})

test('thrown things that are no errors are a 500 too', async (t) => {
  for (const thrown of [{ message: 'x' }, 42]) {
    const { app } = await throwing(thrown)(t)
    assert.equal((await app.inject('/x')).statusCode, 500)
  }
})

test('unavailable carries Retry-After in whole seconds, at least one', async (t) => {
  const { app, lines } = await throwing(errors.LATER({ retryAfterS: 0.2, cause: new Error('disk full') }))(t)
  const answer = await app.inject('/x')
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '1')
  assert.doesNotMatch(answer.body, /disk full/)
  assert.match(JSON.stringify(lines), /disk full/)
})

test("Fastify's own refusals get our codes", () => {
  const of = (error: object) => toAppError(error).code
  assert.equal(of({ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }), 'UNSUPPORTED_MEDIA_TYPE')
  assert.equal(of({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'BODY_TOO_LARGE')
  assert.equal(of({ code: 'FST_ERR_CTP_EMPTY_JSON_BODY', statusCode: 400 }), 'MALFORMED_REQUEST')
  assert.equal(of({ statusCode: 400, message: 'odd' }), 'MALFORMED_REQUEST')
  assert.equal(of({ code: 'HPE_INVALID_METHOD' }), 'MALFORMED_REQUEST')
  assert.equal(of({ code: 'HPE_HEADER_OVERFLOW' }), 'HEADERS_TOO_LARGE')
  assert.equal(of({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }), 'REQUEST_TIMEOUT')
  assert.equal(of({ statusCode: 500, message: 'odd' }), 'INTERNAL')
})

test('an address that does not exist is a 404 problem, with or without a token', async (t) => {
  const { app } = await openHost(t)
  for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
    const answer = await app.inject({ url: '/nowhere', headers })
    assert.equal(answer.statusCode, 404)
    assert.equal(answer.json<Problem>().code, 'ROUTE_NOT_FOUND')
  }
})

test('unreadable HTTP is answered with a problem and the connection ends', async (t) => {
  const { app } = await openHost(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nbad header\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  assert.match(text, /^HTTP\/1\.1 400 /)
  assert.match(text, /application\/problem\+json/)
  assert.match(text, /"code":"MALFORMED_REQUEST"/)
})
