import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openGroup, register, type Person } from '../support/index.ts'
import { DESKTOP, faultsOf, holds, messageOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

describe('what lies over a screen', () => {
  let owner: Person
  let roomId: number
  let phone: Page
  let desktop: Page

  before(async () => {
    owner = await register(world.urls, '방장')
    const member = await register(world.urls, '멤버')
    roomId = (await openGroup(owner, '겹치는 방', member)).id
    await member.post(`/messages/${roomId}`, { content: '안녕하세요' })
    const form = new FormData()
    const png = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#27a' } })
      .png()
      .toBuffer()
    form.append('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), '바다.png')
    const { id: file_id } = await member.post<{ id: string }>('/files', form)
    await member.post(`/messages/${roomId}`, { message_type: 'image', file_id, content: '' })
    phone = await world.open(PHONE)
    desktop = await world.open(DESKTOP)
    for (const page of [phone, desktop]) await signInAs(page, owner.email)
  })
  after(() => assert.deepEqual([...faultsOf(phone), ...faultsOf(desktop)], []))

  const enter = async (page: Page) => {
    await page.goto('/rooms')
    await page.getByRole('link', { name: /겹치는 방/ }).click()
    await messageOf(page, '안녕하세요').waitFor()
  }
  /** A layer has its place in the history a moment after it is seen: sooner than anybody presses anything, but not than a test. */
  const placed = (page: Page, count: number) => holds(page, `history.state.layers === ${count}`)
  const layers: Record<
    string,
    { open: (page: Page) => Promise<void>; shown: (page: Page) => ReturnType<Page['locator']> }
  > = {
    details: {
      open: (page) => page.getByRole('button', { name: '채팅방 정보' }).click(),
      shown: (page) => page.getByRole('complementary', { name: '채팅방 정보' }),
    },
    'a picture': {
      open: (page) => page.getByRole('button', { name: /사진 크게 보기/ }).click(),
      shown: (page) => page.locator('dialog img'),
    },
    'a menu': {
      open: (page) => messageOf(page, '안녕하세요').locator('.bubble').click({ button: 'right' }),
      shown: (page) => page.getByRole('menu'),
    },
    'the emoji': {
      open: (page) => page.getByRole('button', { name: '이모지' }).click(),
      shown: (page) => page.getByRole('dialog', { name: '이모지' }),
    },
  }

  for (const [name, { open, shown }] of Object.entries(layers))
    it(`back and Escape close ${name}, not the room`, async () => {
      await enter(phone)
      for (const close of [() => phone.goBack(), () => phone.keyboard.press('Escape')]) {
        await open(phone)
        await shown(phone).waitFor()
        await placed(phone, 1)
        await close()
        await shown(phone).waitFor({ state: 'detached' })
        await messageOf(phone, '안녕하세요').waitFor()
        assert.equal(new URL(phone.url()).pathname, `/rooms/${roomId}`)
      }
      // Nothing of it is left between the room and the list.
      await phone.goBack()
      await phone.waitForURL('**/rooms')
      await phone.goForward()
      await phone.waitForURL(`**/rooms/${roomId}`)
      await messageOf(phone, '안녕하세요').waitFor()
      assert.equal(await shown(phone).count(), 0, 'what was closed does not come back')
    })

  it('the topmost goes first, by back and by Escape', async () => {
    for (const close of [() => phone.goBack(), () => phone.keyboard.press('Escape')]) {
      await enter(phone)
      await layers['details']!.open(phone)
      await phone.getByRole('button', { name: '초대 링크' }).click()
      const dialog = phone.getByRole('dialog', { name: '초대 링크' })
      await dialog.waitFor()
      await placed(phone, 2)
      await close()
      await dialog.waitFor({ state: 'detached' })
      assert.ok(await layers['details']!.shown(phone).isVisible())
      await close()
      await layers['details']!.shown(phone).waitFor({ state: 'detached' })
      assert.equal(new URL(phone.url()).pathname, `/rooms/${roomId}`)
    }
  })

  it('from something open one goes elsewhere, and back leads to the room itself', async () => {
    await enter(phone)
    await layers['details']!.open(phone)
    await phone.getByRole('searchbox', { name: '이 채팅방에서 검색' }).fill('안녕하세요')
    await phone
      .getByRole('complementary')
      .getByRole('link', { name: /안녕하세요/ })
      .click()
    await layers['details']!.shown(phone).waitFor({ state: 'detached' })
    await phone.goBack()
    await phone.waitForURL(`**/rooms/${roomId}`)
    await phone.goBack()
    await phone.waitForURL('**/rooms')
  })

  it('a page that is loaded anew with something open has one room, and back leaves it', async () => {
    await enter(phone)
    await layers['details']!.open(phone)
    await layers['details']!.shown(phone).waitFor()
    await placed(phone, 1)
    await phone.reload()
    await messageOf(phone, '안녕하세요').waitFor()
    await phone.goBack()
    await phone.waitForURL('**/rooms')
  })

  it('the focus is again where it was', async () => {
    await enter(desktop)
    const focused = () =>
      desktop.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.id')
    await desktop.getByRole('button', { name: /사진 크게 보기/ }).focus()
    await desktop.keyboard.press('Enter')
    await desktop.locator('dialog img').waitFor()
    await desktop.keyboard.press('Escape')
    await desktop.locator('dialog').waitFor({ state: 'detached' })
    assert.match(await focused(), /사진 크게 보기/)

    const menu = messageOf(desktop, '안녕하세요').getByRole('button', { name: '메시지 메뉴' })
    await menu.focus()
    await desktop.keyboard.press('Enter')
    await desktop.getByRole('menuitem', { name: '읽은 사람' }).press('Enter')
    await desktop.getByRole('dialog', { name: '읽은 사람' }).waitFor()
    await desktop.keyboard.press('Escape')
    await desktop.locator('dialog').waitFor({ state: 'detached' })
    assert.equal(await focused(), '메시지 메뉴')
  })

  it('the first key leads past the menu and the list', async () => {
    const skip = desktop.getByRole('link', { name: '본문으로 건너뛰기' })
    await desktop.goto('/rooms')
    await desktop.getByRole('link', { name: /겹치는 방/ }).waitFor()
    await desktop.keyboard.press('Tab')
    assert.ok(await skip.evaluate((node) => node === node.ownerDocument.activeElement))
    await desktop.keyboard.press('Enter')
    assert.equal(await desktop.evaluate('document.activeElement.id'), 'main')
    await enter(desktop)
    await skip.focus()
    await desktop.keyboard.press('Enter')
    assert.equal(await desktop.evaluate('document.activeElement.id'), 'conversation')
    assert.equal(new URL(desktop.url()).pathname, `/rooms/${roomId}`)
  })

  it('a finger that rests opens the menu, a stroke to the left replies, a scroll does neither', async () => {
    await enter(phone)
    const touch = await phone.context().newCDPSession(phone)
    const box = (await messageOf(phone, '안녕하세요').locator('.bubble').boundingBox())!
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const send = (type: string, points: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points })

    await send('touchStart', [{ x, y }])
    await phone.getByRole('menu').waitFor()
    await send('touchEnd', [])
    assert.ok(
      await phone.getByRole('menuitem', { name: '답장' }).isVisible(),
      'the end of the touch is no click beside it',
    )
    await phone.getByRole('menuitem', { name: '읽은 사람' }).tap()
    await phone.getByRole('dialog', { name: '읽은 사람' }).waitFor()
    await phone.goBack()
    await phone.getByRole('dialog').waitFor({ state: 'detached' })

    await send('touchStart', [{ x, y }])
    for (const step of [10, 20, 30, 40]) await send('touchMove', [{ x, y: y - step }])
    await send('touchEnd', [])
    await send('touchStart', [{ x, y }])
    for (const step of [15, 30, 45, 60, 75]) await send('touchMove', [{ x: x - step, y }])
    assert.equal(await phone.getByText('멤버 님에게 답장').count(), 0, 'not before the finger is lifted')
    await send('touchEnd', [])
    await phone.getByText('멤버 님에게 답장').waitFor()
    assert.equal(await phone.getByRole('menu').count(), 0)
  })

  it('the button of the menu is seen only under the mouse or the focus', async () => {
    const opacity = (page: Page) =>
      messageOf(page, '안녕하세요')
        .locator('.actions')
        .evaluate((node) => node.ownerDocument.defaultView!.getComputedStyle(node).opacity)
    await enter(phone)
    assert.equal(await opacity(phone), '0')
    await enter(desktop)
    await desktop.mouse.move(5, 5)
    assert.equal(await opacity(desktop), '0')
    await messageOf(desktop, '안녕하세요').hover()
    assert.equal(await opacity(desktop), '1')
  })
})
