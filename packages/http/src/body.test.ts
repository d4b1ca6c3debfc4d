import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { openHost } from './host.fixture.ts'
import type { App } from './app.ts'
import { operation } from './operation.ts'
import type { Problem } from './problem.ts'

const echo = (app: App) =>
  app.post(
    '/echo',
    operation({
      id: 'echo',
      tag: 't',
      access: 'public',
      summary: 'echo',
      body: Type.Object({ text: Type.String() }),
      response: { 200: Type.Object({ text: Type.String() }) },
    }),
    (request) => ({ text: request.body.text }),
  )

const send = async (app: App, payload: string | Buffer, type = 'application/json') => {
  const answer = await app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload })
  return { status: answer.statusCode, code: answer.json<Problem>().code, detail: answer.json<Problem>().detail, answer }
}

test('any text survives the way in and out', async (t) => {
  const { app } = await openHost(t, echo)
  for (const text of ['안녕하세요 👩‍👩‍👧', '', '\u0000\u001f', 'é vs é', '"\\/', '\u2028'])
    assert.equal((await send(app, JSON.stringify({ text }))).answer.json<{ text: string }>().text, text)
  const escaped = await send(app, '{"text":"\\ud83d\\ude00"}')
  assert.equal(escaped.answer.json<{ text: string }>().text, '😀')
  const backslash = await send(app, String.raw`{"text":"\\ud83d"}`)
  assert.equal(backslash.answer.json<{ text: string }>().text, String.raw`\ud83d`)
})

test('what is no JSON is 400 and says why', async (t) => {
  const { app } = await openHost(t, echo)
  const bad: [string | Buffer, RegExp][] = [
    ['', /empty/],
    ['{"text":', /not valid JSON/],
    ["{'text':'x'}", /not valid JSON/],
    ['{"text":"x"} trailing', /not valid JSON/],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /UTF-8/],
    [Buffer.from('{"text":"half \xed\xa0\xbd"}', 'latin1'), /UTF-8/],
    ['{"text":"half \\ud83d"}', /surrogate/],
    ['{"text":"x","__proto__":{"admin":true}}', /not valid JSON/],
    ['{"text":"x","constructor":{"prototype":{}}}', /not valid JSON/],
    [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, /./],
  ]
  for (const [payload, reason] of bad) {
    const { status, code, detail } = await send(app, payload)
    assert.ok(status === 400 || status === 422, `${status} for ${payload.toString().slice(0, 40)}`)
    if (status === 400) assert.equal(code, 'MALFORMED_REQUEST')
    assert.match(detail, reason)
  }
})

test('another content type is 415, a body that is too large 413', async (t) => {
  const { app } = await openHost(t, echo, { bodyLimit: 1_000 })
  for (const type of ['text/plain', 'application/xml', 'application/jsonp'])
    assert.deepEqual((await send(app, '{"text":"x"}', type)).code, 'UNSUPPORTED_MEDIA_TYPE', type)
  const large = await send(app, JSON.stringify({ text: 'x'.repeat(1_000) }))
  assert.equal(large.status, 413)
  assert.equal(large.code, 'BODY_TOO_LARGE')
  assert.equal((await send(app, JSON.stringify({ text: 'x' }), 'application/json; charset=utf-8')).status, 200)
})
