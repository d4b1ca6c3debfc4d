import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openGroup, register, type Person } from '../support/index.ts'
import { attach, composerOf, faultsOf, messageOf, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

const file = (name: string, size = 10) => ({ name, mimeType: 'text/plain', buffer: Buffer.alloc(size, 'a') })
const picture = async (name: string, background: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .png()
    .toBuffer(),
})
const pictures = async () => [
  await picture('빨강.png', '#c33'),
  await picture('파랑.png', '#33c'),
  await picture('초록.png', '#3a3'),
]

describe('files that are attached', () => {
  let one: Person
  let other: Person
  let roomId: number
  let page: Page

  beforeEach(async () => {
    ;[one, other] = [await register(world.urls, '하나'), await register(world.urls, '둘')]
    roomId = (await openGroup(one, '사진 방', other)).id
    page = await world.open()
    await signInAs(page, one.email)
    await page.goto(`/rooms/${roomId}`)
    await composerOf(page).waitFor()
  })
  afterEach(() => assert.deepEqual(faultsOf(page), []))

  const sheet = () => page.getByRole('dialog', { name: /보내기/ })
  const choose = (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    page.locator('input[type=file]').setInputFiles(files)
  const names = () => sheet().locator('.name').allTextContents()
  const messages = async () =>
    (await other.history(roomId)).items.filter(({ user_id, file }) => user_id === one.id && file)
  const arrived = async () => (await messages()).map((message) => message.file?.name)
  /** As a browser does it: pastes or drops a file. @returns whether the page took it */
  const give = (what: 'paste' | 'drop', selector: string, name: string) =>
    page.evaluate<boolean>(`(() => {
      const data = new DataTransfer()
      data.items.add(new File(['내용'], ${JSON.stringify(name)}, { type: 'text/plain' }))
      const init = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data }
      const event = new ${what === 'drop' ? 'DragEvent' : 'ClipboardEvent'}('${what}', init)
      document.querySelector('${selector}').dispatchEvent(event)
      return event.defaultPrevented
    })()`)

  it('arrive in the order they were chosen in, whatever their size', async () => {
    await attach(page, file('큰 것.txt', 3_000_000), file('작은 것.txt'), file('중간.txt', 200_000), file('끝.txt'))
    await eventually(async () => assert.deepEqual(await arrived(), ['큰 것.txt', '작은 것.txt', '중간.txt', '끝.txt']))
  })

  it('are seen before they go: pasted, dropped and chosen, ordered, left out, said something about', async () => {
    assert.equal(await give('paste', '#composer-input', '붙인 것.txt'), true)
    await sheet().getByText('붙인 것.txt').waitFor()
    assert.equal(await give('drop', '.conversation', '놓은 것.txt'), true)
    await sheet().getByText('놓은 것.txt').waitFor()
    await choose(file('고른 것.txt'), file('필요 없는 것.txt'))
    await sheet().getByText('필요 없는 것.txt').waitFor()
    assert.deepEqual(await names(), ['붙인 것.txt', '놓은 것.txt', '고른 것.txt', '필요 없는 것.txt'])
    assert.deepEqual(await arrived(), [])

    await sheet().getByRole('button', { name: '필요 없는 것.txt 빼기' }).click()
    await sheet().getByRole('button', { name: '고른 것.txt 앞으로' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    assert.deepEqual(await names(), ['고른 것.txt', '붙인 것.txt', '놓은 것.txt'])
    const grips = sheet().locator('.grip')
    const [first, last] = [await grips.nth(0).boundingBox(), await grips.nth(2).boundingBox()]
    await page.mouse.move(first!.x + 8, first!.y + 20)
    await page.mouse.down()
    await page.mouse.move(first!.x + 8, first!.y + 60, { steps: 5 })
    await page.mouse.move(last!.x + 8, last!.y + 40, { steps: 10 })
    await page.mouse.up()
    await eventually(async () => assert.deepEqual(await names(), ['붙인 것.txt', '놓은 것.txt', '고른 것.txt']))

    await sheet().getByLabel('설명 추가').fill('설명이에요')
    await sheet().getByLabel('설명 추가').press('Enter')
    await eventually(async () => assert.deepEqual(await arrived(), ['붙인 것.txt', '놓은 것.txt', '고른 것.txt']))
    assert.deepEqual(
      (await messages()).map(({ content }) => content),
      ['', '', '설명이에요'],
    )
    await messageOf(page, '설명이에요').waitFor()
  })

  it('are let go of with the sheet, and what cannot be sent is told', async () => {
    await choose(file('빈 파일.txt', 0), file('남는 것.txt'))
    await page.getByText('빈 파일.txt: 빈 파일은 보낼 수 없습니다').waitFor()
    assert.deepEqual(await names(), ['남는 것.txt'])
    const leaving = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    await (await leaving).dismiss()
    await page.keyboard.press('Escape')
    await sheet().waitFor({ state: 'detached' })
    assert.deepEqual(await arrived(), [])
  })

  it('answer the message one replies to', async () => {
    const { id } = await other.say(roomId, '사진 보내 줘')
    const row = page.locator('article', { hasText: '사진 보내 줘' }).first()
    await row.hover()
    await row.getByRole('button', { name: '메시지 메뉴' }).click()
    await page.getByRole('menuitem', { name: '답장' }).click()
    await attach(page, ...(await pictures()))
    await eventually(async () =>
      assert.deepEqual(
        (await messages()).map(({ reply_to }) => reply_to),
        [id, null, null],
      ),
    )
    await page.getByText('둘 님에게 답장').first().waitFor()

    await row.hover()
    await row.getByRole('button', { name: '메시지 메뉴' }).click()
    await page.getByRole('menuitem', { name: '답장' }).click()
    await page.getByRole('button', { name: '음성 메시지 녹음' }).click()
    await page.getByRole('timer').filter({ hasText: '0:01' }).waitFor()
    await page.getByRole('button', { name: '음성 보내기' }).click()
    await eventually(async () => assert.equal((await messages()).at(-1)?.reply_to, id))
    assert.equal((await messages()).at(-1)?.message_type, 'voice')
  })

  it('dropped beside the conversation leave the page as it is', async () => {
    assert.equal(await give('drop', 'nav', '옆에 놓은 것.txt'), true)
    assert.equal(await give('drop', 'body', '옆에 놓은 것.txt'), true)
    assert.equal(await sheet().count(), 0)
    assert.deepEqual(await arrived(), [])
  })
})
