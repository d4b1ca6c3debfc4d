import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { composerOf, faultsOf, signInAs, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis } from './care.fixture.ts'

const world = await startWorld({ after })

/** What was said into a microphone is thrown away by nothing but a click that says so. */
describe('a recording that is under way', () => {
  let me: Person
  let page: Page
  let roomId: number

  before(async () => {
    me = await register(world.urls, '말하는이')
    const other = await register(world.urls, '듣는이')
    roomId = (await openGroup(me, '첫째 방', other)).id
    await openGroup(me, '둘째 방', other)
    await agreeToAnalysis(me)
    page = await world.open()
    await signInAs(page, me.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const question = () => page.getByRole('dialog', { name: '녹음 버리기' })
  async function answer(button: string): Promise<void> {
    await question().getByRole('button', { name: button }).click()
    await question().waitFor({ state: 'detached' })
  }
  const seconds = (time: string) => page.getByRole('timer').filter({ hasText: time }).waitFor()

  it('goes on, unless one agrees to lose it: by another room, Escape and “back”', async () => {
    await page.goto(`/rooms/${roomId}`)
    await page.getByRole('button', { name: '음성 메시지 녹음' }).click()
    await seconds('0:01')
    const otherRoom = page.locator('a.list-item', { hasText: '둘째 방' })
    await otherRoom.click()
    await answer('취소')
    assert.equal(new URL(page.url()).pathname, `/rooms/${roomId}`)
    await page.keyboard.press('Escape')
    await answer('취소')
    await page.goBack()
    await answer('취소')
    await seconds('0:02')
    await otherRoom.click()
    await answer('녹음 버리기')
    await page.getByRole('heading', { name: '둘째 방' }).waitFor()
    await composerOf(page).waitFor()
    assert.equal(await page.getByRole('timer').count(), 0)
  })

  it('in care, too', async () => {
    await page.goto('/care')
    await page.getByRole('button', { name: '말하기' }).click()
    await page.getByRole('button', { name: /다 말했어요 0:01/ }).waitFor()
    const tab = page.getByRole('link', { name: '오늘 기분' })
    await tab.click()
    await answer('취소')
    await page.getByRole('button', { name: /다 말했어요 0:02/ }).waitFor()
    await tab.click()
    await answer('녹음 버리기')
    await page.getByRole('radiogroup').waitFor()
  })
})
