import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { openDirect, register } from '../support/index.ts'
import { attach, DESKTOP, faultsOf, holds, PASSWORD, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const ALLOWED = { permissions: ['notifications'] }

describe('nobody waits for what the browser never answers for', () => {
  it('a database: what is written is sent all the same, it says so, and one can sign out', async () => {
    const [one, other] = [await register(world.urls, '하나'), await register(world.urls, '둘')]
    const room = await openDirect(one, other)
    const silent = await world.open()
    await silent.addInitScript(`{
      for (const name of ['getAll', 'getAllKeys', 'count']) {
        const ask = IDBIndex.prototype[name]
        IDBIndex.prototype[name] = function (...args) {
          const asked = ask.apply(this, args)
          asked.addEventListener = () => {}
          return asked
        }
      }
    }`)
    await signInAs(silent, one.email)
    await silent.goto(`/rooms/${room.id}`)
    await attach(silent, { name: '기다린 파일.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })
    await silent.getByText('차례를 기다리는 중').waitFor()
    await silent.getByText(/이 브라우저에는 저장할 수 없습니다/).waitFor({ timeout: 20_000 })
    await eventually(async () =>
      assert.deepEqual(
        (await other.history(room.id)).items.flatMap(({ file }) => file?.name ?? []),
        ['기다린 파일.txt'],
      ),
    )
    await silent.goto('/settings')
    await silent.getByRole('button', { name: '로그아웃' }).first().click()
    await silent.getByRole('button', { name: '로그인', exact: true }).waitFor()
    assert.deepEqual(faultsOf(silent), [])
  })

  it('a server: the page that was opened while it was away goes on when it is back, without being asked', async () => {
    const page = await world.open()
    await signInAs(page, (await register(world.urls, '셋')).email)
    await page.route('**/api/auth/refresh', (route) => route.abort())
    await page.reload()
    await page.getByText('서버에 연결할 수 없습니다').waitFor()
    await page.unroute('**/api/auth/refresh')
    await page.getByRole('heading', { name: '채팅', exact: true }).waitFor()
    assert.deepEqual(faultsOf(page), [])
  })

  it('a push service: one can sign out, and what it says at last is for nobody', async () => {
    const minji = await register(world.urls, '민지')
    const haru = await register(world.urls, '하루')
    const page = await world.open({ ...DESKTOP, ...ALLOWED })
    await page.addInitScript(`(() => {
      const key = 'test:subscribed'
      const one = {
        endpoint: 'https://push.example.com/late',
        options: { applicationServerKey: null },
        toJSON: () => ({ endpoint: one.endpoint, keys: { p256dh: 'p', auth: 'a' } }),
        unsubscribe: async () => (localStorage.setItem(key, 'ended'), true),
      }
      PushManager.prototype.subscribe = () =>
        new Promise((resolve) => (globalThis.answer = () => (localStorage.setItem(key, 'given'), resolve(one))))
      PushManager.prototype.getSubscription = async () => (localStorage.getItem(key) === 'given' ? one : null)
    })()`)
    await signInAs(page, haru.email)
    await page.goto('/settings/notifications')
    await page.getByRole('switch', { name: /이 기기에서 알림 받기/ }).click()
    await holds(page, 'globalThis.answer')
    await page.getByRole('button', { name: '로그아웃' }).first().click()
    await page.getByLabel('이메일 또는 사용자 이름').fill(minji.email)
    await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.getByRole('button', { name: '로그인', exact: true }).click()
    await page.getByRole('heading', { name: '채팅', exact: true }).waitFor()
    await page.evaluate('answer()')
    await holds(page, "localStorage.getItem('test:subscribed') === 'ended'")
    assert.ok(!asked.includes('PUT /api/notifications/subscriptions'))
    assert.deepEqual(faultsOf(page), [])
  })
})
