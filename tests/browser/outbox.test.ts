import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { openDirect, register, type Person } from '../support/index.ts'
import { attach, composerOf, faultsOf, messageOf, newPage, say, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const text = (name: string, size = 10) => ({ name, mimeType: 'text/plain', buffer: Buffer.alloc(size, 'a') })

describe('what is not sent yet', () => {
  let one: Person
  let other: Person
  let roomId: number
  let page: Page
  let context: BrowserContext

  beforeEach(async () => {
    ;[one, other] = [await register(world.urls, '하나'), await register(world.urls, '둘')]
    roomId = (await openDirect(one, other)).id
    page = await world.open()
    context = page.context()
    await signInAs(page, one.email)
    await enter(page)
  })
  afterEach(() => assert.deepEqual(faultsOf(page), []))

  const enter = async (tab: Page) => {
    await tab.goto(`/rooms/${roomId}`)
    await composerOf(tab).waitFor()
  }
  const anotherTab = async () => {
    const tab = await newPage(context)
    await enter(tab)
    return tab
  }
  const write = async (tab: Page, words: string) => {
    await composerOf(tab).fill(words)
    await composerOf(tab).press('Enter')
  }
  /** What the other one has got: texts, and the names of files. */
  const arrived = async () =>
    (await other.history(roomId)).items
      .filter(({ user_id }) => user_id === one.id)
      .map(({ content, file }) => file?.name ?? content)
  const uploadsOf = (tab: Page) => {
    const uploads = { count: 0 }
    tab.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/files')) uploads.count++
    })
    return uploads
  }
  /** Uploads of a page are begun and never answered. */
  const holdUploads = (tab: Page) => tab.route('**/api/files', () => {})

  it('outlives its tab without a network, texts and files, and arrives once and in order', async () => {
    await context.setOffline(true)
    await write(page, '하나')
    await attach(page, text('둘.txt'))
    await write(page, '셋')
    await page.getByText('차례를 기다리는 중').waitFor()
    await messageOf(page, '셋').waitFor()
    await page.close()
    await context.setOffline(false)
    const next = await anotherTab()
    await eventually(async () => assert.deepEqual(await arrived(), ['하나', '둘.txt', '셋']), { timeoutMs: 20_000 })
    await next.locator('[data-status]').first().waitFor({ state: 'detached' })
    await next.reload()
    await messageOf(next, '셋').waitFor()
    assert.deepEqual(await arrived(), ['하나', '둘.txt', '셋'])
    assert.deepEqual(faultsOf(next), [])
  })

  it('a file that met no network is sent when there is one, without being asked', async () => {
    await context.setOffline(true)
    await attach(page, text('기다림.txt'))
    await page.locator('article[data-status="pending"]', { hasText: '기다림.txt' }).waitFor()
    await context.setOffline(false)
    await eventually(async () => assert.deepEqual(await arrived(), ['기다림.txt']), { timeoutMs: 40_000 })
  })

  it('what was refused stays, over reloads too, and goes only when it is sent again', async () => {
    await other.put(`/friends/blocks/${one.id}`)
    await write(page, '거절될 말')
    const failed = (tab: Page) => tab.locator('article[data-status="failed"]', { hasText: '거절될 말' })
    await failed(page).waitFor()
    await other.del(`/friends/blocks/${one.id}`)
    await page.reload()
    await failed(page).getByRole('alert').waitFor()
    await say(page, '다음 말')
    await eventually(async () => assert.deepEqual(await arrived(), ['다음 말']))
    await failed(page).getByRole('button', { name: '다시 보내기' }).click()
    await eventually(async () => assert.deepEqual(await arrived(), ['다음 말', '거절될 말']))
    await failed(page).waitFor({ state: 'detached' })
  })

  // Pages without TLS have no Web Locks.
  for (const locks of [true, false])
    for (const [ending, end] of Object.entries({
      'is left': (tab: Page) => tab.goto('about:blank'),
      // It cannot say that it goes.
      crashes: (tab: Page) => Promise.all([tab.waitForEvent('crash'), tab.goto('chrome://crash').catch(() => {})]),
    }))
      it(`is left to its tab while that lives; when it ${ending}, another one sends it (${locks ? 'with' : 'without'} Web Locks)`, async () => {
        if (!locks) {
          await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`)
          await page.reload()
        }
        await holdUploads(page)
        await attach(page, text('두 탭.txt'))
        await page.getByRole('progressbar', { name: '두 탭.txt 올리는 중' }).waitFor()
        const tab = await newPage(context)
        const uploads = uploadsOf(tab)
        await enter(tab)
        // What it would adopt, it has adopted by the time its own is through: that waits for it.
        await say(tab, '다른 탭에서')
        await eventually(async () => assert.deepEqual(await arrived(), ['다른 탭에서']))
        assert.equal(uploads.count, 0)
        await end(page)
        // Without locks it is asked for, once its mark is old, and given a moment to answer.
        await eventually(async () => assert.deepEqual(await arrived(), ['다른 탭에서', '두 탭.txt']), {
          timeoutMs: 40_000,
        })
        assert.equal(uploads.count, 1)
        assert.deepEqual(faultsOf(tab), [])
      })

  it('is left to a tab in the background that is slow to renew its mark (without Web Locks)', async () => {
    await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`)
    await page.addInitScript(`{
      const { setInterval } = globalThis
      globalThis.setInterval = (work, ms) => setInterval(work, ms === 5_000 ? 60_000 : ms)
    }`)
    await page.reload()
    await holdUploads(page)
    await attach(page, text('뒤의 탭.txt'))
    await page.getByRole('progressbar', { name: '뒤의 탭.txt 올리는 중' }).waitFor()
    // Its mark is old for whoever asks now.
    const old = await page.evaluate(() => {
      const marks = Object.keys(localStorage).filter((key) => key.includes(':outbox:'))
      for (const key of marks) localStorage.setItem(key, `answers:${Date.now() - 60_000}`)
      return marks.length
    })
    assert.equal(old, 1)
    const tab = await newPage(context)
    const uploads = uploadsOf(tab)
    await enter(tab)
    await say(tab, '다른 탭에서')
    await eventually(async () => assert.deepEqual(await arrived(), ['다른 탭에서']))
    assert.equal(uploads.count, 0)
  })

  it('is warned of before the page is left, and an upload that is cancelled is forgotten', async () => {
    await holdUploads(page)
    await attach(page, text('취소.txt'))
    await page.getByRole('progressbar').waitFor()
    const asked = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    const dialog = await asked
    assert.equal(dialog.type(), 'beforeunload')
    await dialog.dismiss()
    await page.getByRole('button', { name: '올리기 취소' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    await page.unroute('**/api/files')
    await say(page, '뒤의 말')
    await page.reload()
    await messageOf(page, '뒤의 말').waitFor()
    assert.deepEqual(await arrived(), ['뒤의 말'])
    assert.equal(await page.getByText('취소.txt').count(), 0)
  })

  it('is asked about by signing out, and then forgotten', async () => {
    await other.put(`/friends/blocks/${one.id}`)
    await write(page, '두고 갈 말')
    await page.locator('article[data-status="failed"]').waitFor()
    await page.goto('/settings')
    await page.getByRole('button', { name: '로그아웃' }).first().click()
    await page.getByText('아직 보내지 못한 메시지 1개가 사라집니다.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '로그아웃' }).click()
    await page.getByRole('button', { name: '로그인', exact: true }).waitFor()
    await signInAs(page, one.email)
    await enter(page)
    await write(page, '새로 쓴 말')
    await page.locator('article[data-status="failed"]', { hasText: '새로 쓴 말' }).waitFor()
    assert.equal(await page.getByText('두고 갈 말').count(), 0)
  })

  it('is sent by a browser that has no space left too, which says so', async () => {
    const full = await world.open()
    await full.addInitScript(`{
      const { put } = IDBObjectStore.prototype
      IDBObjectStore.prototype.put = function (value, key) {
        if (value instanceof Blob) throw new DOMException('full', 'QuotaExceededError')
        return key === undefined ? put.call(this, value) : put.call(this, value, key)
      }
    }`)
    await signInAs(full, one.email)
    await enter(full)
    await attach(full, text('큰 파일.txt'))
    await full.getByText(/브라우저의 저장 공간이 부족합니다/).waitFor()
    await eventually(async () => assert.deepEqual(await arrived(), ['큰 파일.txt']))
    assert.deepEqual(faultsOf(full), [])
  })

  it('is sent by a browser that keeps nothing too, which says so', async () => {
    const private_ = await world.open()
    await private_.addInitScript(`Object.defineProperty(globalThis, 'indexedDB', { value: undefined })`)
    await signInAs(private_, one.email)
    await private_.getByText(/이 브라우저에는 저장할 수 없습니다/).waitFor()
    await enter(private_)
    await say(private_, '저장하지 않는 브라우저')
    await attach(private_, text('그래도.txt'))
    await eventually(async () => assert.deepEqual(await arrived(), ['저장하지 않는 브라우저', '그래도.txt']))
    assert.deepEqual(faultsOf(private_), [])
  })
})
