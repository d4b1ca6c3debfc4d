import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page, Worker } from 'playwright-core'
import { openDirect, register, type Person } from '../support/index.ts'
import { DESKTOP, faultsOf, messageOf, signInAs, startWorld } from './browser.fixture.ts'
import { payload, pusherOf, shownBy, workerOf } from './push.fixture.ts'

const world = await startWorld({ after })
const ALLOWED = { permissions: ['notifications'] }

describe('the service worker', () => {
  let minji: Person
  let haru: Person
  let roomId: number
  let page: Page
  let worker: Worker
  let push: (payload: object) => Promise<void>

  before(async () => {
    minji = await register(world.urls, '민지')
    haru = await register(world.urls, '하루')
    roomId = (await openDirect(haru, minji)).id
    page = await world.open({ ...DESKTOP, ...ALLOWED })
    await signInAs(page, haru.email)
    worker = await workerOf(page)
    push = await pusherOf(page)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  it('shows what is pushed, one of each tag, silently where that is wished', async () => {
    // Two messages of one millisecond are two.
    const at = Date.now()
    await push(payload({ link: '/rooms/999?at=1', at }))
    await push(payload({ link: '/rooms/999?at=2', body: '대답해 줘', silent: true, at }))
    await push(
      payload({ tag: 'note:5', kind: 'friend_request', title: 'BigTech Chat', body: '준님이 친구 요청을 보냈어요' }),
    )
    await eventually(async () =>
      assert.deepEqual(
        (await shownBy(worker)).toSorted((a, b) => (a.tag < b.tag ? -1 : 1)),
        [
          { title: 'BigTech Chat', body: '준님이 친구 요청을 보냈어요', tag: 'note:5', silent: false, link: '/rooms' },
          { title: '민지', body: '대답해 줘', tag: 'room:1', silent: true, link: '/rooms/999?at=2' },
        ],
      ),
    )
  })

  it('takes away what was read elsewhere', async () => {
    await push(payload({ kind: 'close', tag: 'room:1' }))
    await eventually(async () =>
      assert.deepEqual(
        (await shownBy(worker)).map(({ tag }) => tag),
        ['note:5'],
      ),
    )
    await push(payload({ kind: 'close', tag: 'note:5' }))
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
  })

  it('what is pushed and read in one moment is not shown', async () => {
    for (let n = 0; n < 10; n++) {
      // Who asks which windows there are waits for the browser, and what comes after must not overtake.
      await Promise.all([push(payload({ tag: 'room:7' })), push(payload({ kind: 'close', tag: 'room:7' }))])
    }
    await push(payload({ tag: 'note:9' }))
    await eventually(async () =>
      assert.deepEqual(
        (await shownBy(worker)).map(({ tag }) => tag),
        ['note:9'],
      ),
    )
    await push(payload({ kind: 'close', tag: 'note:9' }))
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
  })

  it('shows nothing of a room that somebody looks at, and of another one it does', async () => {
    await minji.say(roomId, '보고 있어요?')
    await page.goto(`/rooms/${roomId}`)
    await messageOf(page, '보고 있어요?').waitFor()
    await page.bringToFront()
    await push(payload({ tag: `room:${roomId}`, link: `/rooms/${roomId}?at=2` }))
    await push(payload({ tag: 'room:999', link: '/rooms/999?at=3' }))
    await eventually(async () =>
      assert.deepEqual(
        (await shownBy(worker)).map(({ tag }) => tag),
        ['room:999'],
      ),
    )
  })

  it('what is not of this server is passed over', async () => {
    await push({ hello: 1 })
    await push(payload({ kind: 'close', tag: 'room:999' }))
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
  })

  it('what comes again is passed over while a window is seen, and else shown once more without a sound', async () => {
    const [one, next] = [payload({ tag: 'room:998' }), payload({ tag: 'room:997' })]
    const shown = async () => (await shownBy(worker)).map(({ tag, silent }) => `${tag} ${silent}`).sort()
    const close = `(async () => { for (const notice of await registration.getNotifications()) notice.close() })()`
    await push(one)
    await eventually(async () => assert.deepEqual(await shown(), ['room:998 false']))
    await worker.evaluate(close)
    await eventually(async () => assert.deepEqual(await shown(), []))
    await push(one)
    await push(next)
    await eventually(async () => assert.deepEqual(await shown(), ['room:997 false']))
    const here = page.url()
    // No window of this server is left.
    await page.goto('about:blank')
    for (const again of [one, next]) await push(again)
    await eventually(async () => assert.deepEqual(await shown(), ['room:997 true', 'room:998 true']))
    await page.goto(here)
    await worker.evaluate(close)
    await eventually(async () => assert.deepEqual(await shown(), []))
  })

  it('what is read in the list goes from the screen of this device', async () => {
    await minji.post('/friends/request', { target_user_id: haru.id })
    const { items } = await eventually(async () => {
      const list = await haru.get<{ items: { id: number; kind: string }[] }>('/notifications')
      assert.equal(list.items[0]?.kind, 'friend_request')
      return list
    })
    await push(payload({ tag: `note:${items[0]!.id}`, kind: 'friend_request', link: '/friends' }))
    await eventually(async () => assert.equal((await shownBy(worker)).length, 1))
    await page.getByRole('button', { name: /^알림/ }).click()
    await page.getByRole('button', { name: '모두 읽음' }).click()
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
    await page.keyboard.press('Escape')
  })

  it('a click leads the open window there, without loading it anew', async () => {
    await page.goto('/friends')
    await page.getByText('사람 찾기').first().waitFor()
    await page.evaluate('window.stays = true')
    await push(payload({ tag: `room:${roomId}`, link: `/rooms/${roomId}?at=2` }))
    await eventually(async () => assert.equal((await shownBy(worker)).length, 1))
    // No tool clicks at what the system shows: the event is made here, of the notice that is shown.
    await worker.evaluate(`(async () => {
      const [notification] = await registration.getNotifications()
      dispatchEvent(new NotificationEvent('notificationclick', { notification }))
    })()`)
    await messageOf(page, '보고 있어요?').waitFor()
    assert.equal(new URL(page.url()).pathname, `/rooms/${roomId}`)
    assert.equal(await page.evaluate('window.stays'), true)
    await eventually(async () => assert.deepEqual(await shownBy(worker), []))
  })

  it('starts the web client without a network, which says so; the API is never kept', async () => {
    await page.context().setOffline(true)
    await page.reload()
    await page.getByText('서버에 연결할 수 없습니다').waitFor()
    await page.context().setOffline(false)
    await page.reload()
    await messageOf(page, '보고 있어요?').waitFor()
    const kept = await worker.evaluate<string[]>(`(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      return (await Promise.all(caches_.map((one) => one.keys()))).flat().map(({ url }) => new URL(url).pathname)
    })()`)
    assert.ok(kept.includes('/') && kept.some((path) => path.startsWith('/assets/')))
    assert.deepEqual(
      kept.filter((path) => /^\/(api|docs|screenshots|worker)/.test(path)),
      [],
    )
  })
})
