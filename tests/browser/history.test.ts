import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openDirect, openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, messageOf, signInAs, startWorld } from './browser.fixture.ts'

const MESSAGES = 260
const world = await startWorld({ after })

describe('a long history', () => {
  let page: Page
  let one: Person
  let other: Person
  let roomId: number

  before(async () => {
    ;[one, other] = [await register(world.urls, '하나'), await register(world.urls, '둘')]
    const room = await openGroup(one, '긴 방', other)
    roomId = room.id
    // In order, and of different heights.
    for (let n = 1; n <= MESSAGES; n++)
      await one.say(roomId, n === 17 ? '감춰 둔 홍학 이야기' : `말 ${n}${'\n줄'.repeat(n % 4)}`)
    await openDirect(one, other)
    page = await world.open()
    await signInAs(page, other.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const log = () => page.getByRole('log')
  /** px from the top of the window */
  const topOf = (seq: number) =>
    page.locator(`article[data-seq="${seq}"]`).evaluate((row) => row.getBoundingClientRect().top)

  it('begins where one stopped reading', async () => {
    await page.getByRole('link', { name: /긴 방/ }).click()
    await page.getByText('여기까지 읽었습니다').waitFor()
    await messageOf(page, '말 1').waitFor()
    assert.ok(await page.getByText('여기까지 읽었습니다').isVisible())
  })

  it('goes on to the end page by page, and reads as it is seen', async () => {
    await log().hover()
    while ((await page.getByRole('button', { name: '맨 아래로' }).count()) > 0) {
      await page.mouse.wheel(0, 400)
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
    }
    await eventually(async () => {
      const { read_seq, last_seq } = (await other.room(roomId)) as unknown as { read_seq: number; last_seq: number }
      assert.equal(read_seq, last_seq)
    })
  })

  it('does not jump when older messages come', async () => {
    await page.reload()
    await messageOf(page, `말 ${MESSAGES}`).waitFor()
    // The answer is held until it is known where things stand without it.
    const asked = { yet: false }
    const held = Promise.withResolvers<void>()
    await page.route(/before_seq=/, async (route) => {
      asked.yet = true
      await held.promise
      await route.continue()
    })
    await log().hover()
    while (!asked.yet) {
      await page.mouse.wheel(0, -120)
      // The next turn of the wheel after the next picture.
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
    }
    const anchor = Number(await page.locator('article[data-seq]').nth(8).getAttribute('data-seq'))
    const [position, height] = [await topOf(anchor), await log().evaluate((list) => list.scrollHeight)]
    held.resolve()
    await eventually(async () => assert.ok((await log().evaluate((list) => list.scrollHeight)) > height + 500))
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
    const now = await topOf(anchor)
    assert.ok(Math.abs(now - position) <= 3, `message ${anchor} moved from ${position} to ${now}`)
    await page.unroute(/before_seq=/)
  })

  it('tells of new messages below while one reads above', async () => {
    await page.mouse.wheel(0, -800)
    const sent = await one.say(roomId, '새로 온 말')
    await page.getByRole('button', { name: '새 메시지 1개' }).click()
    await messageOf(page, sent.content).waitFor()
    await page.getByRole('button', { name: /새 메시지/ }).waitFor({ state: 'detached' })
  })

  it('is searched, and a hit leads to its place', async () => {
    await page.getByRole('searchbox', { name: '채팅방, 메시지 검색' }).fill('홍학')
    await page.locator('a.list-item', { has: page.locator('mark', { hasText: '홍학' }) }).click()
    await page.locator('article.highlighted', { hasText: '감춰 둔 홍학 이야기' }).waitFor()
    await page.getByRole('searchbox', { name: '채팅방, 메시지 검색' }).fill('아무데도없는말')
    await page.getByText('‘아무데도없는말’ 검색 결과가 없습니다').waitFor()
  })
})
