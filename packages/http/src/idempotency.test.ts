import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineErrors, nextCommandKey } from '@bigtech/kernel'
import { Type } from 'typebox'
import { openHost } from './host.fixture.ts'
import type { App } from './app.ts'
import { Empty, operation } from './operation.ts'
import type { Problem } from './problem.ts'

const errors = defineErrors({
  TAKEN: { kind: 'conflict', ko: '이미 있습니다', en: 'exists' },
  LATER: { kind: 'unavailable', ko: '나중에', en: 'later' },
})

/** Counts what really happened. */
const openCounter = async (t: Parameters<typeof openHost>[0]) => {
  const state = {
    calls: 0,
    ms: 0,
    fail: undefined as keyof typeof errors | undefined,
    commands: [] as (string | undefined)[],
  }
  const happen = async () => {
    state.calls++
    state.commands.push(nextCommandKey())
    await sleep(state.ms)
    if (state.fail) throw errors[state.fail]()
    return state.calls
  }
  const common = { tag: 't', summary: 'x' } as const
  const host = await openHost(t, (app: App) => {
    const body = Type.Object({ n: Type.Integer() })
    const response = { 201: Type.Object({ call: Type.Integer() }) }
    app.post('/count', operation({ ...common, id: 'count', body, response }), async (_request, reply) =>
      reply.code(201).send({ call: await happen() }),
    )
    app.post('/own', operation({ ...common, id: 'own', idempotent: false, body, response }), async (_request, reply) =>
      reply.code(201).send({ call: await happen() }),
    )
    app.get(
      '/read',
      operation({ ...common, id: 'read', response: { 200: Type.Object({ call: Type.Integer() }) } }),
      async () => ({
        call: await happen(),
      }),
    )
    app.delete('/count', operation({ ...common, id: 'empty', response: { 204: Empty } }), async (_request, reply) => {
      await happen()
      return reply.code(204).send(null)
    })
  })
  const send = async (
    key: string,
    n = 1,
    options: { method?: 'GET' | 'POST' | 'DELETE'; url?: string; sub?: number } = {},
  ) => {
    const { method = 'POST', url = '/count', sub = 7 } = options
    const headers = { authorization: host.bearer({ sub }), 'idempotency-key': key }
    return host.app.inject({ method, url, headers, ...(method === 'POST' ? { payload: { n } } : {}) })
  }
  return { state, send, ...host }
}

test('a repeat gets the first answer, and nothing happens twice', async (t) => {
  const { state, send } = await openCounter(t)
  const first = await send('a')
  const repeat = await send('a')
  assert.deepEqual([first.statusCode, first.body], [201, '{"call":1}'])
  assert.deepEqual([repeat.statusCode, repeat.body], [201, '{"call":1}'])
  assert.equal(first.headers['idempotency-replayed'], undefined)
  assert.equal(repeat.headers['idempotency-replayed'], 'true')
  assert.match(String(repeat.headers['content-type']), /^application\/json/)
  assert.equal(state.calls, 1)
  assert.equal((await send('b')).body, '{"call":2}')
})

test('of ten at the same time one acts and all get its answer', async (t) => {
  const { state, send } = await openCounter(t)
  state.ms = 50
  const answers = await Promise.all(Array.from({ length: 10 }, () => send('same')))
  assert.deepEqual([...new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`))], ['201 {"call":1}'])
  assert.equal(state.calls, 1)
})

test('the same key with another request is 409', async (t) => {
  const { state, send } = await openCounter(t)
  await send('a', 1)
  for (const answer of [await send('a', 2), await send('a', 1, { method: 'DELETE' })]) {
    assert.equal(answer.statusCode, 409)
    assert.equal(answer.json<Problem>().code, 'IDEMPOTENCY_KEY_REUSED')
  }
  assert.equal(state.calls, 1)
})

test('keys belong to their caller', async (t) => {
  const { state, send } = await openCounter(t)
  await send('a', 1, { sub: 1 })
  assert.equal((await send('a', 2, { sub: 2 })).statusCode, 201)
  assert.equal(state.calls, 2)
})

test('refusals are remembered, but not what a retry may turn', async (t) => {
  const { state, send } = await openCounter(t)
  state.fail = 'TAKEN'
  assert.equal((await send('conflict')).statusCode, 409)
  state.fail = undefined
  const again = await send('conflict')
  assert.deepEqual([again.statusCode, again.json<Problem>().code], [409, 'TAKEN'])
  assert.match(String(again.headers['content-type']), /^application\/problem\+json/)

  state.fail = 'LATER'
  assert.equal((await send('retry')).statusCode, 503)
  state.fail = undefined
  assert.equal((await send('retry')).statusCode, 201)
})

test('an empty answer is repeated as an empty answer', async (t) => {
  const { state, send } = await openCounter(t)
  for (let i = 0; i < 2; i++) {
    const answer = await send('gone', 1, { method: 'DELETE' })
    assert.deepEqual([answer.statusCode, answer.body], [204, ''])
  }
  assert.equal(state.calls, 1)
})

test('reads, and routes with an idempotency of their own, ignore the key', async (t) => {
  const { state, send } = await openCounter(t)
  await send('a', 1, { method: 'GET', url: '/read' })
  await send('a', 1, { method: 'GET', url: '/read' })
  await send('a', 1, { url: '/own' })
  await send('a', 1, { url: '/own' })
  assert.equal(state.calls, 4)
})

test('a key is 1 to 200 characters; a request that is refused before it begins leaves none behind', async (t) => {
  const { state, send, app, bearer } = await openCounter(t)
  assert.equal((await send('x'.repeat(201))).json<Problem>().code, 'MALFORMED_REQUEST')
  assert.equal((await send('')).statusCode, 400)
  const headers = { authorization: bearer(), 'idempotency-key': 'k' }
  assert.equal((await app.inject({ method: 'POST', url: '/count', headers, payload: { n: 'x' } })).statusCode, 422)
  assert.equal((await send('k')).statusCode, 201)
  assert.equal(state.calls, 1)
})

test('each attempt names its commands alike, also of a request whose first attempt failed; other requests name others', async (t) => {
  const { state, send } = await openCounter(t)
  state.fail = 'LATER'
  assert.equal((await send('key-1')).statusCode, 503)
  assert.equal((await send('key-1')).statusCode, 503)
  assert.equal((await send('key-1', 2)).statusCode, 503)
  await send('key-2')
  const [first, again, changed, other] = state.commands
  assert.ok(first?.includes('key-1'))
  assert.equal(again, first)
  assert.notEqual(changed, first, 'another request with that key')
  assert.notEqual(other, first)
})
