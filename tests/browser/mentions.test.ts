import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { CDPSession, Page } from 'playwright-core'
import { openDirect, openGroup, register, type Person } from '../support/index.ts'
import type { Message } from '@bigtech/client'
import { findings } from './axe.fixture.ts'
import { composerOf, faultsOf, messageOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

/** `SCREENSHOTS` names a folder for pictures of what these tests see. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** One story in a real browser: each step goes on where the one before ended. */
describe('mentions', () => {
  let hana: Person
  let jiwoo: Person
  let owner: Page
  let member: Page
  let ime: CDPSession
  let roomId: number
  let directId: number

  before(async () => {
    ;[hana, jiwoo] = [await register(world.urls, '하나'), await register(world.urls, '지우')]
    const others = [
      await register(world.urls, '김민수'),
      await register(world.urls, '이지은', { display_name: '이 지은' }),
    ]
    roomId = (await openGroup(hana, '부르는 방', jiwoo, ...others)).id
    directId = (await openDirect(hana, jiwoo)).id
    owner = await world.open()
    member = await world.open({ ...PHONE, colorScheme: 'dark' })
    await signInAs(owner, hana.email)
    await signInAs(member, jiwoo.email)
    await owner.goto(`/rooms/${roomId}`)
    await composerOf(owner).waitFor()
    ime = await owner.context().newCDPSession(owner)
  })
  after(() => {
    for (const page of [owner, member]) assert.deepEqual(faultsOf(page), [])
  })

  const list = (page: Page) => page.getByRole('listbox', { name: '부를 사람' })
  const names = (page: Page) => list(page).locator('.name').allInnerTexts()
  const text = (page: Page) => composerOf(page).inputValue()
  const last = async () => {
    const { content, mentions } = (await hana.history(roomId)).items.at(-1) as unknown as Pick<
      Message,
      'content' | 'mentions'
    >
    return { content, mentions }
  }
  const closed = (page: Page) => list(page).waitFor({ state: 'detached' })
  async function compose(...steps: string[]): Promise<void> {
    for (const step of steps)
      await ime.send('Input.imeSetComposition', { text: step, selectionStart: step.length, selectionEnd: step.length })
  }

  it('an @ shows the members; keys go through them, Enter chooses and sends nothing', async () => {
    await composerOf(owner).focus()
    await owner.keyboard.type('@')
    await list(owner).waitFor()
    assert.deepEqual(await names(owner), ['김민수', '이 지은', '지우', '모두'])
    // Two times Enter calls one person: a whole room is called by whoever chose that.
    await list(owner).getByRole('option', { name: '김민수 @', selected: true }).waitFor()
    await picture(owner, 'list')
    assert.deepEqual(await findings(owner), [])
    for (let i = 0; i < 2; i++) await owner.keyboard.press('ArrowUp')
    const chosen = list(owner).getByRole('option', { name: '지우 @', selected: true })
    await chosen.waitFor()
    await jiwoo.say(roomId, '그 사이에')
    await messageOf(owner, '그 사이에').waitFor()
    assert.equal(await chosen.count(), 1, 'what comes meanwhile changes nothing')
    await owner.keyboard.press('Enter')
    await closed(owner)
    assert.equal(await text(owner), '@지우 ')
    await owner.keyboard.type('점심? @ㅁㅅ')
    await list(owner).waitFor()
    assert.deepEqual(await names(owner), ['김민수'])
    await owner.keyboard.press('Tab')
    assert.equal(await text(owner), '@지우 점심? @김민수 ')
    await owner.keyboard.press('Enter')
    await messageOf(owner, '점심?').waitFor()
    assert.equal((await last()).mentions?.length, 2)
  })

  const commit = (typed: string) => ime.send('Input.insertText', { text: typed })
  /** As a keyboard does it while an input method listens: the page learns only that a key went there. */
  const keyToMethod = (type: 'rawKeyDown' | 'keyUp', code: string) =>
    ime.send('Input.dispatchKeyEvent', { type, key: 'Process', code, windowsVirtualKeyCode: 229 })
  const sendAndRead = async (words: string) => {
    await owner.keyboard.press('Enter')
    await messageOf(owner, words).waitFor()
    await eventually(async () => assert.equal(await text(owner), ''))
    return last()
  }

  it('a name is found while its syllables are put together, and Enter chooses it with the last one', async () => {
    await owner.keyboard.type('@')
    for (const [syllable, found] of [
      ['ㅈ', ['지우', '이 지은']],
      ['지', ['지우', '이 지은']],
      ['징', ['지우', '이 지은']],
    ] as const) {
      await compose(syllable)
      await eventually(async () => assert.deepEqual(await names(owner), found, syllable))
    }
    await commit('지')
    await compose('으')
    await eventually(async () => assert.deepEqual(await names(owner), ['이 지은']))
    await compose('우')
    await eventually(async () => assert.deepEqual(await names(owner), ['지우']))
    await keyToMethod('rawKeyDown', 'Enter')
    assert.equal(await text(owner), '@지우')
    await commit('우')
    await keyToMethod('keyUp', 'Enter')
    await eventually(async () => assert.equal(await text(owner), '@지우 '))
    await compose('ㄴ', '네')
    await commit('네')
    assert.deepEqual(await sendAndRead('@지우 네'), {
      content: '@지우 네',
      mentions: [{ user_id: jiwoo.id, offset: 0, length: 3 }],
    })
  })

  it('arrows, Esc and a click do the same while a syllable is put together', async () => {
    await owner.keyboard.type('@')
    await compose('ㅈ', '지')
    await list(owner).getByRole('option', { name: '지우 @', selected: true }).waitFor()
    await keyToMethod('rawKeyDown', 'ArrowDown')
    await keyToMethod('keyUp', 'ArrowDown')
    await list(owner).getByRole('option', { name: '이 지은 @', selected: true }).waitFor()
    await keyToMethod('rawKeyDown', 'Escape')
    await keyToMethod('keyUp', 'Escape')
    await closed(owner)
    await commit('지')
    await owner.keyboard.type(' @')
    await compose('ㅈ', '지')
    await list(owner).getByRole('option', { name: '지우' }).click()
    assert.equal(await text(owner), '@지 @지우 ')
    assert.deepEqual((await sendAndRead('@지 @지우')).mentions, [{ user_id: jiwoo.id, offset: 3, length: 3 }])
  })

  it('Esc closes the list and nothing else; it comes again with the next @', async () => {
    await messageOf(owner, '점심?').hover()
    await messageOf(owner, '점심?').getByRole('button', { name: '메시지 메뉴' }).click()
    await owner.getByRole('menuitem', { name: '답장' }).click()
    const answered = owner.locator('.context', { hasText: '하나 님에게 답장' })
    await answered.waitFor()
    await owner.keyboard.type('@지')
    await list(owner).waitFor()
    await owner.keyboard.press('Escape')
    await closed(owner)
    assert.equal(await answered.count(), 1)
    await owner.keyboard.type('우')
    assert.equal(await list(owner).count(), 0)
    await owner.keyboard.type(' @')
    await list(owner).waitFor()
    for (let i = 0; i < 2; i++) await owner.keyboard.press('Escape')
    await answered.waitFor({ state: 'detached' })
    await composerOf(owner).fill('')
    await owner.keyboard.type('mail@')
    assert.equal(await list(owner).count(), 0)
    await composerOf(owner).fill('')
  })

  it('ranges go along with what is written before them, and are gone when their text is changed', async () => {
    await owner.keyboard.type('@ㄱㅁ')
    await list(owner).waitFor()
    await owner.keyboard.press('Enter')
    await owner.keyboard.type('@ㅈㅇ')
    await list(owner).getByRole('option', { name: '지우 @', selected: true }).waitFor()
    await owner.keyboard.press('Enter')
    await owner.keyboard.press('Home')
    await owner.keyboard.type('  안녕 ')
    for (let i = 0; i < 4; i++) await owner.keyboard.press('ArrowRight')
    await owner.keyboard.press('Backspace')
    // What is left of a name may be meant for somebody else.
    await list(owner).waitFor()
    await owner.keyboard.press('Escape')
    assert.equal(await text(owner), '  안녕 @김민 @지우 ')
    // What is not sent yet calls whom it called, also after a reload.
    await owner.reload()
    await composerOf(owner).waitFor()
    await composerOf(owner).focus()
    assert.equal(await text(owner), '  안녕 @김민 @지우 ')
    assert.deepEqual(await sendAndRead('@김민 @지우'), {
      content: '안녕 @김민 @지우',
      mentions: [{ user_id: jiwoo.id, offset: 7, length: 3 }],
    })
  })

  it('a message that is changed calls whom it called, and whom it calls now', async () => {
    const row = messageOf(owner, '@김민 @지우')
    await row.hover()
    await row.getByRole('button', { name: '메시지 메뉴' }).click()
    await owner.getByRole('menuitem', { name: '수정' }).click()
    await owner.locator('.context', { hasText: '메시지 수정' }).waitFor()
    await composerOf(owner).focus()
    await owner.keyboard.press('Home')
    await owner.keyboard.type('@모')
    await list(owner).waitFor()
    assert.deepEqual(await names(owner), ['모두'])
    await owner.keyboard.press('Enter')
    assert.deepEqual((await sendAndRead('@모두 안녕')).mentions, [
      { everyone: true, offset: 0, length: 3 },
      { user_id: jiwoo.id, offset: 11, length: 3 },
    ])
  })

  it('stand out, oneself most, by the name one has now; in lists and quotes too', async () => {
    const changed = owner.locator('.text', { hasText: '@모두 안녕' })
    await jiwoo.patch('/profile/me', { display_name: '지우개' })
    await hana.say(roomId, '답', { reply_to: (await hana.history(roomId)).items.at(-1)!.id })
    await eventually(async () => {
      await owner.reload()
      await changed.locator('.mention', { hasText: '@지우개' }).waitFor({ timeout: 1_000 })
    })
    assert.deepEqual(await changed.locator('.mine').allInnerTexts(), ['@모두'])
    await owner.locator('.quote', { hasText: '@모두 안녕 @김민 @지우개' }).waitFor()
    await hana.say(roomId, '@지우 내일?', { mentions: [{ user_id: jiwoo.id, offset: 0, length: 3 }] })
    await owner.locator('a.list-item', { hasText: '나: @지우개 내일?' }).waitFor()
    await picture(owner, 'conversation')
    assert.deepEqual(await findings(owner), [])
  })

  it('a list of rooms shows that one was called; a button leads there, until it was read', async () => {
    for (let i = 0; i < 50; i++) await hana.say(roomId, `말 ${i}`)
    await hana.say(roomId, '@지우 둘째', { mentions: [{ user_id: jiwoo.id, offset: 0, length: 3 }] })
    for (let i = 0; i < 50; i++) await hana.say(roomId, `더 ${i}`)
    const item = member.locator('a.list-item', { hasText: '부르는 방' })
    await item.getByText('나를 부른 메시지 있음').waitFor({ state: 'attached' })
    await picture(member, 'badge')
    assert.deepEqual(await findings(member), [])
    await item.click()
    // What stands on the screen is read; the other one is far below.
    const button = member.getByRole('button', { name: '나를 부른 메시지 보기 (1개)' })
    await button.waitFor()
    await picture(member, 'called')
    const inView = (words: string) =>
      eventually(async () => {
        const box = await messageOf(member, words).boundingBox()
        assert.ok(box && box.y > 60 && box.y + box.height < 790, JSON.stringify(box))
      })
    await button.click()
    await inView('둘째')
    await picture(member, 'jumped')
    assert.deepEqual(await findings(member), [])
    await hana.say(roomId, '끝')
    await member
      .locator('.below')
      .getByRole('button', { name: /맨 아래로|새 메시지/ })
      .click()
    await inView('끝')
    await member.getByRole('button', { name: '모두 읽음으로 표시' }).click()
    await button.waitFor({ state: 'detached' })
    await member.getByRole('link', { name: '뒤로' }).click()
    await item.getByText('나를 부른 메시지 있음').waitFor({ state: 'detached' })
  })

  it('on a phone one is chosen with a finger; who is no admin calls no @모두, and nobody in a direct room', async () => {
    await member.goto(`/rooms/${roomId}`)
    await composerOf(member).tap()
    await member.keyboard.type('@')
    await list(member).waitFor()
    assert.deepEqual(await names(member), ['김민수', '이 지은', '하나'])
    await picture(member, 'phone')
    assert.deepEqual(await findings(member), [])
    const box = (await list(member).boundingBox())!
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y >= 0, JSON.stringify(box))
    await list(member).getByRole('option', { name: '이 지은' }).tap()
    assert.equal(await text(member), '@이 지은 ')
    assert.ok(await composerOf(member).evaluate((node) => node === node.ownerDocument.activeElement))
    await member.getByRole('button', { name: '보내기', exact: true }).tap()
    await messageOf(owner, '@이 지은').locator('.mention', { hasText: '@이 지은' }).waitFor()
    await member.goto(`/rooms/${directId}`)
    await composerOf(member).tap()
    await member.keyboard.type('@하')
    assert.equal(await list(member).count(), 0)
  })
})
