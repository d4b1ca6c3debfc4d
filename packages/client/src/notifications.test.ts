import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Frame } from './index.ts'
import { sharedServer, signUp } from './testing/server.fixture.ts'

/** What a browser's `PushManager.subscribe()` gives. */
function subscription(name: string) {
  const p256dh = createECDH('prime256v1').generateKeys('base64url')
  return {
    endpoint: `https://push.example.com/${name}`,
    keys: { p256dh, auth: randomBytes(16).toString('base64url') },
    device: 'Chrome · Android',
  }
}

describe('notifications, against the server', () => {
  const server = sharedServer()

  it('come over the stream, in both languages, and are in the list until they are read', async (t) => {
    const alice = await signUp(server().url, 'n.alice', { language: 'en' })
    const bob = await signUp(server().url, 'n.bob')
    const frames: Frame[] = []
    const connection = alice.client.connect({ onFrame: (frame) => void frames.push(frame) })
    t.after(() => connection.close())
    await eventually(() => assert.ok(frames.some(({ type }) => type === 'hello')))

    await bob.client.friends.request(alice.id)
    const told = await eventually(() => {
      const frame = frames.find((one) => one.type === 'notification')
      assert.ok(frame)
      return frame
    })
    assert.deepEqual(told.notification.texts, {
      ko: 'n.bob님님이 친구 요청을 보냈어요',
      en: 'n.bob님 wants to be friends',
    })
    assert.equal(told.unread_count, 1)

    const { notifications } = alice.client
    const { items, unread_count } = await notifications.list()
    assert.equal(unread_count, 1)
    assert.deepEqual(
      items.map(({ id, kind, text, link, actors }) => [id, kind, text, link, actors.map(({ user_id }) => user_id)]),
      [[told.notification.id, 'friend_request', 'n.bob님 wants to be friends', '/friends', [bob.id]]],
    )
    assert.deepEqual(await notifications.read([items[0]!.id]), { unread_count: 0 })
    await eventually(() =>
      assert.deepEqual(
        frames.filter(({ type }) => type === 'notifications_changed'),
        [{ type: 'notifications_changed', unread_count: 0 }],
      ),
    )
    assert.deepEqual(await notifications.count(), { unread_count: 0 })
    assert.deepEqual(await notifications.readAll(), { unread_count: 0 })
    assert.notEqual((await notifications.list()).items[0]!.read_at, null)
  })

  it('are told as one wants; what is left out stays', async () => {
    const { notifications } = (await signUp(server().url, 'n.carol')).client
    const before = await notifications.settings()
    assert.deepEqual(before.kinds.message, { push: true })
    assert.deepEqual(before.kinds.new_device, { push: true, mail: true })
    assert.deepEqual([before.digest, before.language], [false, null])
    const quiet_hours = { from: '22:00', to: '07:00', time_zone: 'Asia/Seoul' }
    const change = {
      kinds: { reaction: { push: false } },
      show_text: false,
      quiet_hours,
      digest: true,
      language: 'en',
    } as const
    const after = await notifications.changeSettings(change)
    const reaction = { push: false, in_app: true }
    assert.deepEqual(after, { ...before, ...change, kinds: { ...before.kinds, reaction } })
    assert.deepEqual(await notifications.settings(), after)
    const nowhere = { ...quiet_hours, time_zone: 'Mars/Base' }
    await assert.rejects(notifications.changeSettings({ quiet_hours: nowhere }), { code: 'UNKNOWN_TIME_ZONE' })
  })

  it('go to devices, which can be seen and taken away', async () => {
    const { notifications } = (await signUp(server().url, 'n.dave')).client
    assert.match((await notifications.vapidKey()).public_key, /^[\w-]{87}$/)
    const phone = subscription('phone')
    const { endpoint, device } = await notifications.subscribe(phone)
    assert.deepEqual([endpoint, device], [phone.endpoint, phone.device])
    assert.deepEqual(
      (await notifications.subscriptions()).items.map((one) => one.endpoint),
      [phone.endpoint],
    )
    assert.deepEqual(await notifications.test(), { devices: 1 })
    await notifications.unsubscribe(phone.endpoint)
    assert.deepEqual((await notifications.subscriptions()).items, [])
    const home = { ...phone, endpoint: 'http://192.168.0.1/push' }
    await assert.rejects(notifications.subscribe(home), { code: 'ENDPOINT_NOT_ALLOWED' })
  })
})
