import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
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

  it('Enter while a syllable is put together does not send', async () => {
    await composerOf(page).focus()
    await compose('ㅎ', '하', '한')
    await composerOf(page).dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true })
    assert.deepEqual(await sent(), [])
    await ime.send('Input.insertText', { text: '한' })
    await compose('ㄱ', '그', '글')
    await ime.send('Input.insertText', { text: '글' })
    assert.equal(await composerOf(page).inputValue(), '한글')
    await page.keyboard.press('Enter')
    await messageOf(page, '한글').waitFor()
    assert.deepEqual(await sent(), ['한글'])
    assert.equal(await composerOf(page).inputValue(), '')
  })

  it('the button sends the last syllable with the rest, once', async () => {
    await composerOf(page).focus()
    await ime.send('Input.insertText', { text: '안녕하세' })
    await compose('ㅇ', '요')
    await page.getByRole('button', { name: '보내기', exact: true }).click()
    await messageOf(page, '안녕하세요').waitFor()
    assert.deepEqual(await sent(), ['한글', '안녕하세요'])
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
})
