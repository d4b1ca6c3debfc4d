import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { suite, test, type TestContext } from 'node:test'
import { eventually, startProxy } from '@bigtech/testkit'
import { ROUTES } from '@bigtech/server/routes'
import { assertProblem, behindGateway, call, register, startTestServer } from '../support/index.ts'
import { noNginx, startNginx, TEMPLATE } from '../support/nginx.ts'

test('NGINX has the routes of the gateway', () => {
  const routes: Record<string, string> = {}
  const blocks = readFileSync(TEMPLATE, 'utf8').matchAll(
    /location ~ \^\/api\/\(\?:([^)]*)\)[^{]*\{[^}]*http:\/\/(\w+)_service;/g,
  )
  for (const [, segments = '', service = ''] of blocks)
    for (const segment of segments.replaceAll('\\', '').split('|')) routes[segment] = service
  assert.deepEqual(routes, ROUTES)
})

suite('behind NGINX', { skip: noNginx }, () => {
  async function open(t: TestContext, more: Record<string, string> = {}) {
    const { urls } = await startTestServer(t, { TRUST_PROXY: 'true' })
    const gateway = await startNginx(t, urls, more)
    return { urls: behindGateway({ ...urls, gateway }), gateway }
  }

  test('people register, talk, and get each other’s messages at once over SSE and WebSocket', async (t) => {
    const { urls } = await open(t)
    const [minsu, jiwoo] = [await register(urls, 'minsu'), await register(urls, 'jiwoo')]
    const room = await minsu.post<{ id: number }>('/chat-rooms', { type: 'group', name: '방', member_ids: [jiwoo.id] })
    const sse = await jiwoo.sse(t)
    const ws = await minsu.ws(t)
    const began = performance.now()
    const ack = await ws.command({ type: 'send', room_id: room.id, content: '안녕' })
    assert.equal(ack.type, 'ack')
    const { message } = (await sse.seen((frame) => frame.type === 'message' && frame.message?.content === '안녕')) as {
      message: { content: string }
    }
    assert.equal(message.content, '안녕')
    assert.ok(performance.now() - began < 2_000, 'nothing is held back in a buffer')
    await jiwoo.say(room.id, '응')
    await ws.seen((frame) => frame.type === 'message' && frame.message?.content === '응')
    assert.equal((await minsu.history(room.id)).items.at(-1)!.content, '응')
    assert.equal((await minsu.call('GET', '/friends')).status, 200)
  })

  test('files go up and come down whole, in ranges too; one that is too large gets a problem document', async (t) => {
    const { urls } = await open(t)
    const minsu = await register(urls, 'minsu')
    const bytes = randomBytes(5 * 1024 * 1024)
    const form = (content: Buffer) => {
      const data = new FormData()
      data.set('file', new Blob([new Uint8Array(content)]), '자료.bin')
      return data
    }
    const up = await minsu.call('POST', '/files', { body: form(bytes) })
    assert.equal(up.status, 201, up.text)
    const { id } = up.json() as { id: string }
    const headers = { authorization: `Bearer ${minsu.token}` }
    const down = await fetch(`${urls.chat}/files/${id}`, { headers })
    assert.ok(Buffer.from(await down.arrayBuffer()).equals(bytes))
    const part = await fetch(`${urls.chat}/files/${id}`, { headers: { ...headers, range: 'bytes=10-19' } })
    assert.equal(part.status, 206)
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20)))
    assertProblem(
      await minsu.call('POST', '/files', { body: form(randomBytes(12 * 1024 * 1024)) }),
      413,
      'BODY_TOO_LARGE',
    )
  })

  test('services see the address of who calls, and not what callers say of theirs', async (t) => {
    const { urls } = await open(t)
    const minsu = await register(urls, 'minsu')
    await minsu.signIn()
    const spoofed = await call('POST', `${urls.user}/auth/login/json`, {
      body: { email: minsu.email, password: 'Test1234!@' },
      headers: { 'x-forwarded-for': '6.6.6.6' },
    })
    assert.equal(spoofed.status, 200, spoofed.text)
    const sessions = await minsu.get<{ items: { ip: string }[] } | { ip: string }[]>('/auth/sessions')
    const ips = (Array.isArray(sessions) ? sessions : sessions.items).map(({ ip }) => ip)
    assert.deepEqual(new Set(ips), new Set(['127.0.0.1']))
  })

  test('problems, documents and the way for services: as they are without it', async (t) => {
    const { urls, gateway } = await open(t)
    assertProblem(await call('GET', `${urls.user}/profile/me`), 401, 'NOT_AUTHENTICATED')
    assertProblem(await call('GET', `${urls.user}/nothing-there`), 404, 'ROUTE_NOT_FOUND')
    assert.equal((await call('GET', `${gateway}/health`)).status, 200)
    assert.equal((await call('POST', `${gateway}/internal/presence/beats`, { body: {} })).status, 404)
    for (const path of ['/ready', '/metrics', '/ready/', '/%72eady'])
      assert.equal((await call('GET', `${gateway}${path}`)).status, 404, path)
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const answer = await call('GET', `${urls.user}/profile/me`, { headers: { traceparent: trace } })
    assert.equal((answer.json() as { trace_id: string }).trace_id, 'a'.repeat(32))
  })

  test('calls without a token are limited by address', async (t) => {
    const { urls } = await open(t, { RATE_LIMIT_ANONYMOUS: '1' })
    const answers = await Promise.all(Array.from({ length: 80 }, () => call('GET', `${urls.user}/profile/me`)))
    const refused = answers.find(({ status }) => status === 429)
    assert.ok(refused, 'a burst of 50 is let through, no more')
    assertProblem(refused, 429, 'RATE_LIMITED')
    assert.equal(refused.headers.get('retry-after'), '60')
  })

  test('without services the answer is 503 with Retry-After, and all is well once they are back', async (t) => {
    const { urls: direct } = await startTestServer(t, { TRUST_PROXY: 'true' })
    const proxy = await startProxy({ port: Number(new URL(direct.chat).port) })
    t.after(() => proxy.close())
    const gateway = await startNginx(t, { ...direct, chat: `http://127.0.0.1:${proxy.port}` })
    const minsu = await register(behindGateway({ ...direct, gateway }), 'minsu')
    proxy.cut()
    const gone = await minsu.call('GET', '/chat-rooms')
    assertProblem(gone, 503, 'SERVICE_UNAVAILABLE')
    assert.ok(Number(gone.headers.get('retry-after')) > 0)
    assert.equal((await minsu.call('GET', '/profile/me')).status, 200)
    proxy.mend()
    await eventually(async () => assert.equal((await minsu.call('GET', '/chat-rooms')).status, 200), {
      timeoutMs: 20_000,
    })
  })
})
