import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, createClient } from '../index.ts'
import { fakeFetch, problem, tokens, type Answer, type Asked } from '../testing/fetch.fixture.ts'

const failed = () => new TypeError('fetch failed')

/** A signed-in client of a server that gives these answers, one after the other. */
async function withAnswers(...answers: (Answer | ((asked: Asked) => Promise<Answer>))[]) {
  const server = fakeFetch((asked) => {
    if (asked.path === '/auth/login/json') return { json: tokens() }
    const next = answers.shift() ?? problem(500, 'NO_ANSWER_LEFT')
    return typeof next === 'function' ? next(asked) : next
  })
  const client = createClient({ baseUrl: 'http://chat/', fetch: server.fetch, random: () => 0, language: 'en' })
  await client.auth.login('a', 'x')
  server.asked.length = 0
  return { client, asked: server.asked }
}

describe('calls', () => {
  it('repeats what is safe to repeat, four times at most', async () => {
    const { client, asked } = await withAnswers(failed(), problem(503, 'X'), problem(429, 'Y'), { json: { id: 1 } })
    assert.deepEqual(await client.profile.get(), { id: 1 })
    assert.equal(asked.length, 4)
    const other = await withAnswers(failed(), failed(), failed(), failed(), { json: {} })
    await assert.rejects(other.client.profile.get(), { name: 'NetworkError' })
    assert.equal(other.asked.length, 4)
  })

  it('repeats a write with the key of its first try, and another write with another key', async () => {
    const { client, asked } = await withAnswers(failed(), { json: { id: 1 } }, { json: { id: 2 } })
    await client.rooms.createGroup({ name: 'a', member_ids: [] })
    await client.rooms.createGroup({ name: 'a', member_ids: [] })
    const keys = asked.map((one) => one.headers.get('idempotency-key'))
    assert.match(keys[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.equal(keys[0], keys[1])
    assert.notEqual(keys[1], keys[2])
  })

  it('repeats a message with the id of its first try', async () => {
    const { client, asked } = await withAnswers(failed(), { json: { id: 'm' } })
    await client.messages.send(1, { content: 'x' })
    const [first, second] = asked.map(
      (one) => (JSON.parse(one.body) as { client_message_id: string }).client_message_id,
    )
    assert.ok(first)
    assert.equal(first, second)
  })

  it('never repeats what would count twice', async () => {
    for (const call of [
      (client: ReturnType<typeof createClient>) => client.auth.login('a', 'b'),
      (client: ReturnType<typeof createClient>) => client.ops.replay({ topic: 'x' }),
    ]) {
      const server = fakeFetch(failed)
      const client = createClient({ baseUrl: 'http://chat', fetch: server.fetch, random: () => 0 })
      await assert.rejects(call(client))
      assert.ok(server.asked.length <= 1)
    }
  })

  it('does not repeat what the server refused', async () => {
    const { client, asked } = await withAnswers(problem(409, 'ROOM_FULL'))
    await assert.rejects(client.rooms.addMembers(1, [2]), { status: 409, code: 'ROOM_FULL', traceId: 'trace' })
    assert.equal(asked.length, 1)
  })

  it('waits as long as Retry-After says, but tells the caller when that is long', async () => {
    const { client } = await withAnswers(problem(503, 'X', { 'retry-after': '1' }), { json: { id: 1 } })
    const started = performance.now()
    await client.profile.get()
    assert.ok(performance.now() - started >= 990)
    const long = await withAnswers(problem(429, 'RATE_LIMITED', { 'retry-after': '40' }), { json: {} })
    await assert.rejects(long.client.profile.get(), { code: 'RATE_LIMITED', retryAfterMs: 40_000 })
    assert.equal(long.asked.length, 1)
  })

  it('has what the problem document says, and something for answers without one', async () => {
    const errors = [{ field: 'name', message: 'too long' }]
    const json = { code: 'VALIDATION_FAILED', detail: 'name: too long', errors, trace_id: 't' }
    const { client } = await withAnswers({ status: 422, json }, { status: 413, json: 'no problem document' })
    const error: unknown = await client.rooms.update(1, { name: '' }).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof ApiError)
    assert.deepEqual([error.message, error.errors, error.traceId], ['name: too long', errors, 't'])
    await assert.rejects(client.profile.get(), { status: 413, code: 'HTTP_413' })
  })

  it('ends with the reason of its signal, before, during and between tries', async () => {
    const reason = new Error('enough')
    const before = await withAnswers({ json: {} })
    await assert.rejects(before.client.profile.get({ signal: AbortSignal.abort(reason) }), reason)
    const abort = new AbortController()
    const during = await withAnswers(async () => {
      abort.abort(reason)
      return new Promise<Answer>(() => {})
    })
    await assert.rejects(during.client.profile.get({ signal: abort.signal }), reason)
    const between = new AbortController()
    const { client } = await withAnswers(problem(503, 'X', { 'retry-after': '9' }))
    setTimeout(() => between.abort(reason), 20)
    await assert.rejects(client.profile.get({ signal: between.signal }), reason)
  })

  it('gives up on a try that takes too long', async () => {
    const { client, asked } = await withAnswers(() => new Promise<Answer>(() => {}), { json: { id: 1 } })
    assert.deepEqual(await client.profile.get({ timeoutMs: 20 }), { id: 1 })
    assert.equal(asked.length, 2)
  })

  it('asks for texts in its language, and encodes what it is given', async () => {
    const { client, asked } = await withAnswers({ json: {} }, { json: {} })
    await client.messages.search({ q: '안녕 & more', room_id: undefined })
    await client.messages.react(1, 'msg_1_1', '👍/?')
    assert.equal(asked[0]!.headers.get('accept-language'), 'en')
    assert.equal(new URL(asked[0]!.path, 'http://x').searchParams.get('q'), '안녕 & more')
    assert.ok(!asked[0]!.path.includes('room_id'))
    assert.equal(asked[1]!.path, `/messages/1/msg_1_1/reactions/${encodeURIComponent('👍/?')}`)
  })
})
