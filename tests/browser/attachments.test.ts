import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openGroup, register, type Person } from '../support/index.ts'
import { attach, composerOf, faultsOf, messageOf, say, signInAs, startWorld } from './browser.fixture.ts'

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
    await page.locator('#composer-input:focus').waitFor()
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

  it('are shown in one frame when they are pictures sent together, each a message of its own', async () => {
    const reader = await world.open()
    await signInAs(reader, other.email)
    await reader.goto(`/rooms/${roomId}`)
    await composerOf(reader).waitFor()
    await choose(...(await pictures()))
    await sheet().getByLabel('설명 추가').fill('세 장이에요')
    await sheet().getByRole('button', { name: '보내기' }).click()
    await attach(page, await picture('따로.png', '#777'))
    const album = reader.getByRole('group', { name: '사진 3장' })
    await reader.getByRole('button', { name: '사진 크게 보기: 따로.png' }).waitFor()
    const shown = () =>
      album.getByRole('button', { name: /사진 크게 보기/ }).evaluateAll((all) => all.map((one) => one.ariaLabel))
    const labels = ['빨강', '파랑', '초록'].map((name) => `사진 크게 보기: ${name}.png`)
    assert.deepEqual(await shown(), labels)
    await album.locator('.words', { hasText: '세 장이에요' }).waitFor()
    // All of it has been on the reader's screen.
    await page.getByText('1명이 아직 읽지 않았습니다').first().waitFor({ state: 'detached' })

    await album.locator('article').nth(1).hover()
    await album.locator('article').nth(1).getByRole('button', { name: '메시지 메뉴' }).click()
    await reader.getByRole('menuitem', { name: '답장' }).click()
    await say(reader, '파란 것 좋네요')
    await page.getByRole('button', { name: /하나 님에게 답장/ }).click()
    await page.locator('article.highlighted', { has: page.getByRole('button', { name: /파랑/ }) }).waitFor()

    const [, blue] = await messages()
    await one.del(`/messages/${roomId}/${blue!.id}`)
    await album.getByText('삭제된 메시지입니다').waitFor()
    assert.deepEqual(await shown(), [labels[0], labels[2]])
    assert.deepEqual(faultsOf(reader), [])
  })

  it('dropped beside the conversation leave the page as it is', async () => {
    assert.equal(await give('drop', 'nav', '옆에 놓은 것.txt'), true)
    assert.equal(await give('drop', 'body', '옆에 놓은 것.txt'), true)
    assert.equal(await sheet().count(), 0)
    assert.deepEqual(await arrived(), [])
  })
})
