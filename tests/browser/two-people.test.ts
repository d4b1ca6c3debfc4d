import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { attach, composerOf, faultsOf, holds, messageOf, say, signUp, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

/** One story in a real browser: each step goes on where the one before ended. */
describe('two people', () => {
  const openMenu = async (page: Page, text: string) => {
    const row = messageOf(page, text)
    await row.hover()
    await row.getByRole('button', { name: '메시지 메뉴' }).click()
  }
  const chooseInMenu = async (page: Page, text: string, item: string) => {
    await openMenu(page, text)
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  let minji: Page
  let haru: Page

  before(async () => {
    ;[minji, haru] = [await world.open(), await world.open()]
  })
  after(() => {
    for (const page of [minji, haru]) assert.deepEqual(faultsOf(page), [])
  })

  it('sign up; what is wrong stands at its field', async () => {
    await minji.goto('/')
    await minji.getByRole('link', { name: '회원가입' }).click()
    await minji.getByLabel('이메일').fill('민지')
    await minji.getByLabel('비밀번호', { exact: true }).fill('short')
    await minji.getByRole('button', { name: '가입하기' }).click()
    await minji.getByText('이메일 주소를 확인해 주세요').waitFor()
    await minji.getByText('비밀번호는 8자 이상이어야 합니다').waitFor()
    assert.equal(await minji.getByLabel('이메일').getAttribute('aria-invalid'), 'true')
    await signUp(minji, '민지', 'minji')
    await signUp(haru, '하루', 'haru')
    await minji.getByText('아직 채팅이 없습니다').waitFor()
  })

  it('a name that is taken is said at its field', async () => {
    const other = await minji
      .context()
      .browser()!
      .newPage({ baseURL: new URL(minji.url()).origin, locale: 'ko-KR' })
    await other.goto('/signup')
    await other.getByLabel('이메일').fill('else@example.com')
    await other.getByLabel('사용자 이름').fill('minji')
    await other.getByLabel('비밀번호', { exact: true }).fill('Test1234!@')
    await other.getByLabel('비밀번호 확인').fill('Test1234!@')
    await other.getByRole('button', { name: '가입하기' }).click()
    await other.getByRole('alert').first().waitFor()
    await other.close()
  })

  it('become friends', async () => {
    await minji.getByRole('link', { name: /친구/ }).click()
    await minji.getByText('아직 친구가 없습니다').waitFor()
    await minji.getByRole('searchbox', { name: /검색/ }).fill('haru')
    await minji.getByRole('button', { name: '하루: 친구 요청' }).click()
    await minji.getByText('수락 대기 중').waitFor()
    // The other side sees it without loading anything anew.
    await haru.getByRole('link', { name: /친구/ }).click()
    await haru.getByRole('tab', { name: /친구 요청/ }).click()
    const accepts: string[] = []
    haru.on('request', (request) => void (request.url().endsWith('/accept') && accepts.push(request.url())))
    await haru.getByRole('button', { name: '수락' }).dblclick()
    await haru.getByText('민지 님과 친구가 되었습니다').waitFor()
    await minji.getByRole('button', { name: /하루.*대화하기/ }).waitFor()
    assert.equal(accepts.length, 1, 'a double click accepts once')
  })

  it('talk, and the number beside a message counts down', async () => {
    await minji.getByRole('button', { name: /하루.*대화하기/ }).click()
    await say(minji, '안녕하세요!')
    await messageOf(minji, '안녕하세요!').getByText('1명이 아직 읽지 않았습니다').waitFor({ state: 'attached' })
    await haru.getByRole('link', { name: /채팅/ }).first().click()
    await haru.getByText('안녕하세요!').click()
    await messageOf(haru, '안녕하세요!').waitFor()
    await haru.bringToFront()
    await messageOf(minji, '안녕하세요!').getByText('1명이 아직 읽지 않았습니다').waitFor({ state: 'detached' })
    await say(haru, '네, 반가워요 😀')
    await messageOf(minji, '네, 반가워요').waitFor()
  })

  it('see each other type', async () => {
    await composerOf(haru).pressSequentially('음')
    await minji.getByText('하루 님이 입력 중…').waitFor()
    await composerOf(haru).fill('')
  })

  it('reply, react, edit, pin and delete', async () => {
    await chooseInMenu(haru, '안녕하세요!', '답장')
    await say(haru, '답장이에요')
    await messageOf(minji, '답장이에요').getByText('민지 님에게 답장').waitFor()

    await chooseInMenu(minji, '답장이에요', '반응')
    await minji.getByRole('button', { name: '❤️', exact: true }).click()
    await messageOf(haru, '답장이에요')
      .getByRole('button', { name: /❤️ 1: 민지/ })
      .waitFor()

    await chooseInMenu(haru, '답장이에요', '수정')
    await composerOf(haru).fill('고친 답장이에요')
    await composerOf(haru).press('Enter')
    await messageOf(minji, '고친 답장이에요').getByText('수정됨').waitFor()

    await chooseInMenu(minji, '고친 답장이에요', '고정')
    await messageOf(haru, '고친 답장이에요').getByRole('img', { name: '고정됨' }).waitFor()

    await say(haru, '지울 말')
    await chooseInMenu(haru, '지울 말', '삭제')
    await haru.getByRole('dialog').getByRole('button', { name: '삭제' }).click()
    await messageOf(minji, '삭제된 메시지입니다').waitFor()
    assert.equal(await minji.getByText('지울 말').count(), 0)
  })

  it('send pictures, which open large, and files', async () => {
    const picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#0b7a75' } })
      .png()
      .toBuffer()
    await attach(minji, { name: '바다.png', mimeType: 'image/png', buffer: picture })
    await haru.getByRole('button', { name: '사진 크게 보기: 바다.png' }).click()
    await haru.getByRole('dialog', { name: '바다.png' }).locator('img').waitFor()
    await haru.keyboard.press('Escape')
    await haru.getByRole('dialog').waitFor({ state: 'detached' })
    await attach(minji, { name: '메모.txt', mimeType: 'text/plain', buffer: Buffer.from('할 일') })
    const download = haru.waitForEvent('download')
    await haru.getByRole('button', { name: '저장: 메모.txt' }).click()
    assert.equal((await download).suggestedFilename(), '메모.txt')
  })

  it('record a voice message and play it', async () => {
    await minji.getByRole('button', { name: '음성 메시지 녹음' }).click()
    await minji.getByRole('timer').filter({ hasText: '0:01' }).waitFor()
    await minji.getByRole('button', { name: '음성 보내기' }).click()
    const play = haru.getByRole('button', { name: '재생', exact: true })
    await play.click()
    await haru.getByRole('button', { name: '멈춤' }).waitFor()
  })

  it('nothing is lost while the network is gone, and one sees that', async () => {
    await minji.context().setOffline(true)
    await composerOf(minji).fill('터널에서 보낸 말')
    await composerOf(minji).press('Enter')
    await messageOf(minji, '터널에서 보낸 말').waitFor()
    await say(haru, '터널 밖에서 보낸 말')
    await minji
      .getByText(/인터넷에 연결되어 있지 않습니다/)
      .first()
      .waitFor()
    await minji.getByText('보낼 메시지 1개가 기다리고 있습니다.').waitFor()
    await minji.context().setOffline(false)
    await messageOf(haru, '터널에서 보낸 말').waitFor({ timeout: 40_000 })
    await messageOf(minji, '터널 밖에서 보낸 말').waitFor()
    assert.equal(await minji.locator('article', { hasText: '터널에서 보낸 말' }).count(), 1)
  })

  it('a reload keeps the session and the draft', async () => {
    await composerOf(minji).fill('쓰다 만 글')
    await minji.reload()
    assert.equal(await composerOf(minji).inputValue(), '쓰다 만 글')
    assert.equal(await minji.evaluate('document.cookie'), '')
    assert.doesNotMatch(await minji.evaluate<string>('JSON.stringify(localStorage)'), /eyJ|refresh/)
    await composerOf(minji).fill('')
  })

  it('an emoji picked while editing belongs to what is edited, not to the draft', async () => {
    await say(minji, '고칠 말')
    await composerOf(minji).fill('쓰다 만 글')
    await chooseInMenu(minji, '고칠 말', '수정')
    await minji.getByRole('button', { name: '이모지' }).click()
    await minji.getByRole('button', { name: '😀', exact: true }).click()
    assert.equal(await composerOf(minji).inputValue(), '고칠 말😀')
    await composerOf(minji).press('Enter')
    await messageOf(haru, '고칠 말😀').getByText('수정됨').waitFor()
    // Others may see the change before whoever made it has the answer.
    await eventually(async () => assert.equal(await composerOf(minji).inputValue(), '쓰다 만 글'))
    await minji.reload()
    assert.equal(await composerOf(minji).inputValue(), '쓰다 만 글')
  })

  it('an open menu stays at its message while others come and move it', async () => {
    await say(minji, '메뉴를 연 말')
    await openMenu(minji, '메뉴를 연 말')
    const away = async () => {
      const [menu, row] = await Promise.all([
        minji.getByRole('menu', { name: '메시지 메뉴' }).boundingBox(),
        messageOf(minji, '메뉴를 연 말').boundingBox(),
      ])
      return row!.y - menu!.y
    }
    const before = await away()
    await say(haru, '그 사이에 온 말')
    await messageOf(minji, '그 사이에 온 말').waitFor()
    const log = "document.querySelector('[role=log]')"
    await holds(minji, `${log}.scrollHeight - ${log}.scrollTop - ${log}.clientHeight < 2`)
    assert.ok(Math.abs((await away()) - before) < 2)
    await minji.getByRole('menuitem', { name: '복사', exact: true }).click()
  })
})
