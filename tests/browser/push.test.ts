import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startPushService } from '@bigtech/notification-service/testing'
import { eventually } from '@bigtech/testkit'
import { openDirect, register } from '../support/index.ts'
import { DESKTOP, faultsOf, signInAs, startWorld } from './browser.fixture.ts'
import { payload, pusherOf, show, shownBy, workerOf } from './push.fixture.ts'

const cleanups = { after }
const world = await startWorld(cleanups, { PUSH_TO_PRIVATE_NETWORKS: 'true' })
const ALLOWED = { permissions: ['notifications'] }

describe('a browser that is told', () => {
  it('from the switch to the notice: over the server and the push service, and no more after signing out', async () => {
    const minji = await register(world.urls, '민지')
    const haru = await register(world.urls, '하루')
    const room = await openDirect(minji, haru)
    const { public_key } = await haru.get<{ public_key: string }>('/notifications/vapid-key')
    const service = await startPushService(cleanups, () => public_key)
    const page = await world.open({ ...DESKTOP, ...ALLOWED })
    // The push service of this browser cannot be reached from here: its subscriptions are of one that can.
    await page.addInitScript(`(() => {
      const given = ${JSON.stringify(service.subscribe('browser'))}
      const key = 'test:subscribed'
      const one = {
        endpoint: given.endpoint,
        options: { applicationServerKey: Uint8Array.from(atob('${Buffer.from(public_key, 'base64url').toString('base64')}'), (c) => c.charCodeAt(0)).buffer },
        toJSON: () => given,
        unsubscribe: async () => (localStorage.removeItem(key), true),
      }
      PushManager.prototype.subscribe = async () => (localStorage.setItem(key, '1'), one)
      PushManager.prototype.getSubscription = async () => (localStorage.getItem(key) ? one : null)
    })()`)
    await signInAs(page, haru.email)
    await page.goto('/settings/notifications')
    await page.getByText('알림을 받는 기기가 없습니다').waitFor()
    await page.getByRole('switch', { name: /이 기기에서 알림 받기/ }).check()
    await page.getByText('창을 닫아도 알려 드립니다.').waitFor()
    await page.getByText('Chrome · Linux').waitFor()
    await page.getByRole('button', { name: '시험 알림 보내기' }).click()
    await page.getByText('기기 1대에 보냈습니다').waitFor()
    await eventually(() =>
      assert.deepEqual(
        service.pushed.map(({ payload: { kind } }) => kind),
        ['test'],
      ),
    )

    await minji.say(room.id, '지금 어디야?')
    const told = await eventually(
      () => {
        const found = service.pushed.find(({ payload: { kind } }) => kind === 'message')
        assert.ok(found)
        return found.payload
      },
      { timeoutMs: 10_000 },
    )
    const worker = await workerOf(page)
    await (
      await pusherOf(page)
    )(told)
    await eventually(async () =>
      assert.deepEqual(
        (await shownBy(worker)).map(({ title, body, tag }) => [title, body, tag]),
        [['민지', '지금 어디야?', `room:${room.id}`]],
      ),
    )
    await page.getByRole('button', { name: '로그아웃' }).first().click()
    await page.getByRole('heading', { name: '로그인' }).waitFor()
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
    assert.equal(await page.evaluate("localStorage.getItem('test:subscribed')"), null)
    await eventually(async () => assert.deepEqual(await haru.get('/notifications/subscriptions'), { items: [] }))

    // The same person is told again in this browser without being asked.
    await signInAs(page, haru.email)
    await eventually(async () =>
      assert.equal((await haru.get<{ items: object[] }>('/notifications/subscriptions')).items.length, 1),
    )
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})

describe('a browser without a push service', () => {
  it('is told by an open page, as the server would, until what is told is read or its user signs out', async () => {
    const [minji, haru] = [await register(world.urls, '민지'), await register(world.urls, '하루')]
    const room = await openDirect(minji, haru)
    const page = await world.open({ ...DESKTOP, ...ALLOWED })
    await page.addInitScript(`
      PushManager.prototype.subscribe = async () => { throw new DOMException('no push service', 'AbortError') }
    `)
    await signInAs(page, haru.email)
    await page.goto('/settings/notifications')
    await page.getByRole('switch', { name: /이 기기에서 알림 받기/ }).check()
    await page.getByText('창이 열려 있는 동안만', { exact: false }).waitFor()
    assert.deepEqual(await haru.get('/notifications/subscriptions'), { items: [] })
    const worker = await workerOf(page)
    const shown = async () =>
      (await shownBy(worker))
        .map(({ title, body, tag, link }) => ({ title, body, tag, link }))
        .filter(({ tag }) => tag.startsWith('room:'))

    const { seq } = await minji.say(room.id, '지금 어디야?')
    const link = `/rooms/${room.id}?at=${seq}`
    await eventually(async () =>
      assert.deepEqual(await shown(), [{ title: '민지', body: '지금 어디야?', tag: `room:${room.id}`, link }]),
    )
    await haru.post(`/chat-rooms/${room.id}/read`, { seq })
    await eventually(async () => assert.deepEqual(await shown(), []))
    await minji.say(room.id, '답해 줘')
    await eventually(async () => assert.equal((await shown()).length, 1))
    await page.getByRole('button', { name: '로그아웃' }).first().click()
    await page.getByRole('heading', { name: '로그인' }).waitFor()
    await eventually(async () => assert.deepEqual(await shown(), []))
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})

describe('the icon of the installed web client', () => {
  // Nothing is installed here: what the browser would be told is kept instead.
  const KEEP_BADGE = `{
    navigator.setAppBadge = async (count) => void (globalThis.badge = count)
    navigator.clearAppBadge = async () => void (globalThis.badge = 0)
  }`

  it('has the number of what is unread: by the page while it is open, and by pushes', async () => {
    const [minji, haru] = [await register(world.urls, '민지'), await register(world.urls, '하루')]
    const page = await world.open({ ...DESKTOP, ...ALLOWED })
    await page.addInitScript(KEEP_BADGE)
    const badgeOf = (where: { evaluate(code: string): Promise<unknown> }, count: number) =>
      eventually(async () => assert.equal(await where.evaluate('globalThis.badge'), count))
    await signInAs(page, haru.email)
    // Of the sign-in on a new device.
    await badgeOf(page, 1)
    await minji.post('/friends/request', { target_user_id: haru.id })
    await badgeOf(page, 2)
    await haru.post('/notifications/read', { all: true })
    await badgeOf(page, 0)

    const worker = await workerOf(page)
    await worker.evaluate(KEEP_BADGE)
    const push = await pusherOf(page)
    await push(payload({ unread: 3 }))
    await badgeOf(worker, 3)
    await push(payload({ kind: 'close', unread: 0 }))
    await badgeOf(worker, 0)
    await push(payload({ unread: 5 }))
    await badgeOf(worker, 5)
    // The icon is one, whoever tells it.
    await page.evaluate('globalThis.badge = 5')
    await page.getByRole('link', { name: '설정' }).click()
    await page.getByRole('button', { name: '로그아웃' }).first().click()
    await page.getByRole('heading', { name: '로그인' }).waitFor()
    await badgeOf(page, 0)
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})

describe('the offer to be told', () => {
  it('comes with the first message nobody saw, asks the browser only after a yes, and “later” is remembered', async () => {
    const [minji, haru] = [await register(world.urls, '민지'), await register(world.urls, '하루')]
    const room = await openDirect(minji, haru)
    const page = await world.open()
    await page.addInitScript(`{
      window.asked = 0
      Object.defineProperty(Notification, 'permission', { get: () => 'default' })
      Notification.requestPermission = async () => (window.asked++, 'default')
    }`)
    await signInAs(page, haru.email)
    const offer = page.getByRole('complementary', { name: '알림 켜기 제안' })
    await minji.say(room.id, '보이는 동안')
    await page.getByText('보이는 동안').waitFor()
    assert.equal(await offer.count(), 0)
    await show(page, 'hidden')
    await minji.say(room.id, '안 보이는 동안')
    await offer.waitFor()
    await show(page, 'visible')
    assert.equal(await page.evaluate('window.asked'), 0)
    await offer.getByRole('button', { name: '켜기' }).click()
    await offer.waitFor({ state: 'detached' })
    assert.equal(await page.evaluate('window.asked'), 1)
    await show(page, 'hidden')
    await minji.say(room.id, '또 안 보이는 동안')
    await offer.getByRole('button', { name: '나중에' }).click()
    await minji.say(room.id, '그 뒤에')
    await page.getByText('그 뒤에').waitFor()
    assert.equal(await offer.count(), 0)
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})
