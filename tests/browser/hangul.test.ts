import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { CDPSession, Page } from 'playwright-core'
import { register, openDirect } from '../support/index.ts'
import { composerOf, faultsOf, messageOf, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

/** Real composition events: Chromium's own input-method interface, as an input method uses it. */
describe('writing Hangul', () => {
  let page: Page
  let ime: CDPSession

  before(async () => {
    const [one, other] = [await register(world.urls, '하나'), await register(world.urls, '둘')]
    const room = await openDirect(one, other)
    page = await world.open()
    await signInAs(page, one.email)
    await page.goto(`/rooms/${room.id}`)
    await composerOf(page).waitFor()
    ime = await page.context().newCDPSession(page)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  /** As an input method does it: ㅎ, 하, 한, each replacing the one before. */
  async function compose(...steps: string[]): Promise<void> {
    for (const text of steps)
      await ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  }
  const sent = () => page.locator('article .text').allInnerTexts()

  /** As a keyboard does it while an input method listens: the page learns only that a key went there. */
  const enterToMethod = (type: 'rawKeyDown' | 'keyUp') =>
    ime.send('Input.dispatchKeyEvent', { type, key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 })
  const commit = (text: string) => ime.send('Input.insertText', { text })
  const empty = () => eventually(async () => assert.equal(await composerOf(page).inputValue(), ''))

  it('Enter while a syllable is put together sends it with the rest, at once', async () => {
    await composerOf(page).focus()
    await commit('한')
    await compose('ㄱ', '그', '글')
    await enterToMethod('rawKeyDown')
    assert.deepEqual(await sent(), [])
    await commit('글')
    await enterToMethod('keyUp')
    await messageOf(page, '한글').waitFor()
    await empty()
    await page.keyboard.press('Enter')
    assert.deepEqual(await sent(), ['한글'])
  })

  it('so too when the key comes once more after the syllable (macOS), once', async () => {
    await commit('두 ')
    await compose('ㅂ', '버', '번')
    await enterToMethod('rawKeyDown')
    await commit('번')
    await page.keyboard.press('Enter')
    await messageOf(page, '두 번').waitFor()
    await empty()
    await compose('ㅅ', '셋')
    await enterToMethod('rawKeyDown')
    await commit('셋')
    await enterToMethod('keyUp')
    await messageOf(page, '셋').waitFor()
    assert.deepEqual(await sent(), ['한글', '두 번', '셋'])
  })

  it('so too when the syllable ends before the key (Safari)', async () => {
    await compose('ㄲ', '끝')
    await commit('끝')
    await enterToMethod('rawKeyDown')
    await messageOf(page, '끝').waitFor()
    await enterToMethod('keyUp')
    await empty()
    assert.deepEqual((await sent()).slice(-1), ['끝'])
  })

  it('Enter that picks what Japanese or Chinese is written with sends nothing; the next one does', async () => {
    for (const [typed, picked] of [
      ['にほん', '日本'],
      ['かな', 'かな'],
      ['ni hao', '你好'],
    ] as const) {
      const before = await sent()
      await compose(typed)
      await enterToMethod('rawKeyDown')
      await commit(picked)
      await enterToMethod('keyUp')
      assert.equal(await composerOf(page).inputValue(), picked)
      assert.deepEqual(await sent(), before)
      await page.keyboard.press('Enter')
      await messageOf(page, picked).waitFor()
      await empty()
    }
  })

  it('a message that is changed is changed once', async () => {
    await messageOf(page, '두 번').hover()
    await messageOf(page, '두 번').getByRole('button', { name: '메시지 메뉴' }).click()
    await page.getByRole('menuitem', { name: '수정' }).click()
    const edits: string[] = []
    page.on('request', (request) => void (request.method() === 'PATCH' && edits.push(request.url())))
    await composerOf(page).focus()
    await page.keyboard.press('End')
    await compose('ㅉ', '째')
    await enterToMethod('rawKeyDown')
    await commit('째')
    await page.keyboard.press('Enter')
    await messageOf(page, '두 번째').waitFor()
    await empty()
    assert.equal(edits.length, 1)
  })

  it('the button sends the last syllable with the rest, once', async () => {
    await composerOf(page).focus()
    await ime.send('Input.insertText', { text: '안녕하세' })
    await compose('ㅇ', '요')
    await page.getByRole('button', { name: '보내기', exact: true }).click()
    await messageOf(page, '안녕하세요').waitFor()
    assert.deepEqual((await sent()).slice(-1), ['안녕하세요'])
    assert.equal(await composerOf(page).inputValue(), '')
  })

  it('lines: Shift+Enter makes one; and with the setting, Enter does', async () => {
    await composerOf(page).focus()
    await page.keyboard.type('첫 줄')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('둘째 줄')
    await page.keyboard.press('Enter')
    await messageOf(page, '둘째 줄').waitFor()
    assert.equal((await sent()).at(-1), '첫 줄\n둘째 줄')
  })

  it('a text that is too long keeps its button, and says why it cannot be sent', async () => {
    await composerOf(page).fill('가'.repeat(9_500))
    await page.getByText('9,500 / 10,000').waitFor()
    await composerOf(page).fill('가'.repeat(10_001))
    await page.getByRole('alert').filter({ hasText: '10,000자까지' }).waitFor()
    assert.ok(await page.getByRole('button', { name: '보내기', exact: true }).isDisabled())
    await page.keyboard.press('Enter')
    assert.equal((await composerOf(page).inputValue()).length, 10_001)
    await composerOf(page).fill('가'.repeat(10_000))
    assert.ok(await page.getByRole('button', { name: '보내기', exact: true }).isEnabled())
    await composerOf(page).fill('')
  })
})
