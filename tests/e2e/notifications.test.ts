import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { behindGateway, openGroup, openWs, register, startTestServer } from '../support/index.ts'
import { subscriptionAt } from '../support/device.ts'

type Inbox = { items: { kind: string; text: string; link: string }[]; unread_count: number }

describe('notifications', async () => {
  const { urls } = await startTestServer({ after }, { PUSH_TO_PRIVATE_NETWORKS: 'true' })
  const through = behindGateway(urls)
  const inboxOf = async (person: Awaited<ReturnType<typeof register>>) => person.get<Inbox>('/notifications')

  it('tell of what others did, in the list and on the stream, and are read', async (t) => {
    const [minsu, jiwoo] = [await register(through, '민수'), await register(through, '지우')]
    const stream = await openWs(t, { url: through.chat, token: jiwoo.token })
    await minsu.post('/friends/request', { target_user_id: jiwoo.id })
    const frame = await stream.seen('notification')
    assert.equal(frame['unread_count'], 1)
    const { items, unread_count } = await inboxOf(jiwoo)
    assert.deepEqual([items[0]!.text, items[0]!.link, unread_count], ['민수님이 친구 요청을 보냈어요', '/friends', 1])
    await jiwoo.post('/notifications/read', { all: true })
    assert.equal((await inboxOf(jiwoo)).unread_count, 0)
  })

  it('of a mention are read with the room', async () => {
    const [minsu, jiwoo] = [await register(through, '민수'), await register(through, '지우')]
    const room = await openGroup(minsu, '모임', jiwoo)
    await eventually(async () => assert.equal((await inboxOf(jiwoo)).items[0]?.kind, 'invited'))
    await jiwoo.post('/notifications/read', { all: true })
    const content = '@지우 저녁?'
    const mentions = [{ user_id: jiwoo.id, offset: 0, length: 3 }]
    const { seq } = await minsu.post<{ seq: number }>(`/messages/${room.id}`, { content, mentions })
    await eventually(async () => {
      const { items, unread_count } = await inboxOf(jiwoo)
      assert.deepEqual([items[0]!.kind, items[0]!.link, unread_count], ['mention', `/rooms/${room.id}?at=${seq}`, 1])
    })
    await jiwoo.post(`/chat-rooms/${room.id}/read`, { seq })
    await eventually(async () => assert.equal((await inboxOf(jiwoo)).unread_count, 0))
  })

  it('reach the devices of who is away, encrypted, and not those of the author', { timeout: 30_000 }, async (t) => {
    const asked: { path: string; headers: IncomingHttpHeaders }[] = []
    const service = createServer((request, response) => {
      asked.push({ path: request.url!, headers: request.headers })
      request.resume().on('end', () => response.writeHead(201).end())
    }).listen(0, '127.0.0.1')
    t.after(() => service.close())
    await new Promise((resolve) => service.once('listening', resolve))
    const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const [minsu, jiwoo] = [await register(through, '민수'), await register(through, '지우')]
    const room = await openGroup(minsu, '모임', jiwoo)
    await jiwoo.post('/notifications/read', { all: true })
    for (const [person, path] of [
      [minsu, '/minsu'],
      [jiwoo, '/jiwoo'],
    ] as const)
      await person.put('/notifications/subscriptions', subscriptionAt(origin + path))
    await minsu.say(room.id, '저녁 먹었어?')
    await eventually(async () => assert.ok(asked.some(({ headers }) => headers['urgency'] === 'high')), {
      timeoutMs: 15_000,
    })
    assert.deepEqual([...new Set(asked.map(({ path }) => path))], ['/jiwoo'])
    assert.match(asked[0]!.headers['authorization'] ?? '', /^vapid t=/)
    assert.equal(asked[0]!.headers['content-encoding'], 'aes128gcm')
  })
})
