import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { befriend, openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, messageOf, newPage, PASSWORD, PHONE, signInAs, startWorld } from './browser.fixture.ts'
import { confirmAt, linkOf } from './mails.fixture.ts'

const world = await startWorld({ after })

describe('friends, settings and senior mode', () => {
  let mirae: Page
  let other: Page
  let people: Person[]

  before(async () => {
    people = [
      await register(world.urls, '미래'),
      await register(world.urls, '노을'),
      await register(world.urls, '다온'),
    ]
    const [me, friend] = people as [Person, Person, Person]
    await befriend(me, friend)
    ;[mirae, other] = [await world.open(), await world.open()]
    await signInAs(mirae, me.email)
    await signInAs(other, friend.email)
  })
  after(() => {
    for (const page of [mirae, other]) assert.deepEqual(faultsOf(page), [])
  })
  const confirm = (page: Page, what: string) => page.getByRole('dialog').getByRole('button', { name: what }).click()

  it('requests are declined, cancelled and asked again', async () => {
    const [me, , stranger] = people as [Person, Person, Person]
    await stranger.post('/friends/request', { target_user_id: me.id })
    await mirae.goto('/friends')
    await mirae.getByRole('tab', { name: /친구 요청/ }).click()
    await mirae.getByRole('button', { name: '거절' }).click()
    await mirae.getByText('친구 요청이 없습니다').waitFor()
    await mirae.getByRole('tab', { name: '사람 찾기' }).click()
    await mirae.getByRole('searchbox', { name: /검색/ }).fill('다온')
    await mirae.getByRole('button', { name: '다온: 친구 요청' }).dblclick()
    await mirae.getByText('다온 님에게 친구 요청을 보냈습니다').waitFor()
    assert.deepEqual(await mirae.getByRole('alert').allInnerTexts(), [], 'a double click asks once')
    await mirae.getByRole('tab', { name: /친구 요청/ }).click()
    await mirae.getByRole('button', { name: '요청 취소' }).click()
    await mirae.getByText('친구 요청이 없습니다').waitFor()
  })

  it('somebody is blocked, unblocked at once by “undo”, and again in the list', async () => {
    const block = async () => {
      await mirae.getByRole('button', { name: '노을 메뉴' }).click()
      await mirae.getByRole('menuitem', { name: '차단' }).click()
      await confirm(mirae, '차단')
      await mirae.getByText('노을 님을 차단했습니다').first().waitFor()
    }
    await block()
    await mirae
      .locator('.toast', { hasText: '노을 님을 차단했습니다' })
      .getByRole('button', { name: '되돌리기' })
      .click()
    await mirae.getByRole('tab', { name: '차단' }).click()
    await mirae.getByText('차단한 사람이 없습니다').waitFor()
    const [me, friend] = people as [Person, Person, Person]
    await befriend(me, friend)
    await mirae.reload()
    await block()
    await mirae.getByRole('tab', { name: '차단' }).click()
    await mirae.getByRole('button', { name: '차단 해제' }).click()
    await mirae.getByText('차단한 사람이 없습니다').waitFor()
    await befriend(me, friend)
  })

  it('a profile changes, picture included, and others see it without doing anything', async () => {
    const [me, friend] = people as [Person, Person, Person]
    await openGroup(me, '우리집', friend)
    await other.goto('/friends')
    await other.getByRole('button', { name: /미래.*대화하기/ }).waitFor()
    await mirae.goto('/settings/profile')
    await mirae.getByLabel('보이는 이름').fill('새미래')
    await mirae.getByLabel('나이').fill('스물')
    await mirae.getByRole('button', { name: '저장' }).click()
    await mirae.getByText('나이는 숫자로 입력해 주세요').waitFor()
    await mirae.getByLabel('나이').fill('28')
    await mirae.getByRole('button', { name: '저장' }).click()
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    await mirae.locator('input[type=file]').setInputFiles({ name: '나.png', mimeType: 'image/png', buffer: picture })
    await mirae.getByRole('button', { name: '사진 지우기' }).waitFor()
    await other
      .getByRole('button', { name: /새미래.*대화하기/ })
      .locator('img')
      .waitFor()
  })

  it('a new password ends the other devices, which say so', async () => {
    const phone = await world.open(PHONE)
    await signInAs(phone, people[0]!.email)
    await mirae.goto('/settings/devices')
    await mirae.getByRole('button', { name: '다른 기기 모두 로그아웃' }).waitFor()
    await mirae.goto('/settings/password')
    await mirae.getByLabel('지금 비밀번호').fill('wrong')
    await mirae.getByLabel('새 비밀번호').fill('Other5678!@')
    await mirae.getByLabel('비밀번호 확인').fill('Other5678!@')
    await mirae.getByRole('button', { name: '비밀번호 바꾸기' }).click()
    await mirae.locator('[aria-invalid=true]').first().waitFor()
    await mirae.getByLabel('지금 비밀번호').fill(PASSWORD)
    await mirae.getByRole('button', { name: '비밀번호 바꾸기' }).click()
    await mirae.getByText('비밀번호를 바꿨습니다').waitFor()
    await phone.getByText(/다른 곳에서 로그아웃했습니다/).waitFor()
    await mirae.goto('/rooms')
    await mirae.getByRole('heading', { name: '채팅', exact: true }).waitFor()
    await phone.context().close()
  })

  it('senior mode calls the family, says something, and hears what they say', async () => {
    const elder = await world.open(PHONE)
    await signInAs(elder, people[1]!.email)
    await elder.addInitScript(`
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getUserMedia = async (wanted) => (window.microphone = await open(wanted))
    `)
    await elder.goto('/settings/look')
    await elder.getByRole('switch', { name: /어르신 모드/ }).check()
    await elder.goto('/senior')
    await elder.getByRole('heading', { name: '우리집' }).waitFor()
    await elder.getByRole('button', { name: '듣기' }).click()
    await elder.getByText('들을 메시지가 없습니다').waitFor()
    await elder.getByRole('button', { name: '전화해 달라고 하기' }).click()
    await confirm(elder, '보내기')
    await mirae.locator('a.list-item', { hasText: '우리집' }).click()
    await messageOf(mirae, '전화해 주세요!').waitFor()
    await elder.getByRole('button', { name: '말하기' }).click()
    await elder.getByRole('button', { name: /눌러서 보내기 0:01/ }).click()
    await elder.getByText('목소리를 보냈습니다').waitFor()
    await mirae.getByRole('button', { name: '재생', exact: true }).waitFor()
    await mirae.getByRole('button', { name: '음성 메시지 녹음' }).click()
    await mirae.getByRole('timer').filter({ hasText: '0:01' }).waitFor()
    await mirae.getByRole('button', { name: '음성 보내기' }).click()
    await mirae.getByRole('button', { name: '재생', exact: true }).nth(1).waitFor()
    await elder.getByRole('button', { name: /듣기 새 메시지 1개/ }).click()
    await elder.getByRole('dialog', { name: '듣기' }).getByText('새미래').waitFor()
    await elder.getByText('모두 들었습니다').waitFor()
    await elder.getByRole('button', { name: '듣기', exact: true }).waitFor()
    // Whoever leaves while they speak is no longer heard.
    await elder.getByRole('button', { name: '말하기' }).click()
    await elder.getByRole('button', { name: /눌러서 보내기/ }).waitFor()
    const listening = () => elder.evaluate('window.microphone.getTracks().some((track) => track.readyState === "live")')
    assert.equal(await listening(), true)
    await elder.getByRole('link', { name: '대화 보기' }).click()
    await elder.getByRole('dialog').getByRole('button', { name: '녹음 버리기' }).click()
    await elder.getByRole('log').waitFor()
    assert.equal(await listening(), false)
    assert.deepEqual(faultsOf(elder), [])
    await elder.context().close()
  })

  it('an address that is not confirmed is a line in the settings, which goes when the link of a mail was opened', async () => {
    const { email } = people[0]!
    await mirae.goto('/settings/account')
    const line = mirae.getByText('이메일 주소가 아직 확인되지 않았어요')
    await line.waitFor()
    const first = await linkOf(world, email, '/confirm-email')
    await mirae.getByRole('button', { name: '다시 보내기' }).click()
    await mirae.getByText('스팸함도 확인해 주세요', { exact: false }).waitFor()
    const second = await linkOf(world, email, '/confirm-email', 2)
    const mail = await newPage(mirae.context())
    await confirmAt(mail, second)
    await mail.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    // The window of before is looked at again.
    await mail.close()
    await mirae.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await line.waitFor({ state: 'detached' })
    await confirmAt(mirae, first)
    await mirae.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    await confirmAt(mirae, '/confirm-email?token=old')
    await mirae.getByText('이메일 주소가 이미 확인되어 있습니다', { exact: false }).waitFor()
    await mirae.getByRole('link', { name: '채팅으로 가기' }).click()
    await mirae.getByRole('heading', { name: '채팅', exact: true }).waitFor()
  })

  it('one takes one’s data along, and closes the account', async () => {
    await mirae.goto('/settings/account')
    const [download] = await Promise.all([
      mirae.waitForEvent('download'),
      mirae.getByRole('button', { name: '내 데이터 받기' }).click(),
    ])
    const data = JSON.parse(readFileSync(await download.path(), 'utf8')) as { profile: { display_name: string } }
    assert.equal(data.profile.display_name, '새미래')
    await mirae.getByRole('button', { name: '회원 탈퇴' }).click()
    const dialog = mirae.getByRole('dialog')
    await dialog.getByLabel('비밀번호').fill('wrong')
    await dialog.getByRole('button', { name: '회원 탈퇴' }).click()
    await dialog.locator('[aria-invalid=true]').waitFor()
    await dialog.getByLabel('비밀번호').fill('Other5678!@')
    await dialog.getByRole('button', { name: '회원 탈퇴' }).click()
    await mirae.getByRole('button', { name: '로그인', exact: true }).waitFor()
    await mirae.getByText('안녕히 가세요', { exact: false }).waitFor()
    await other.goto('/friends')
    await other.getByText('아직 친구가 없습니다').waitFor()
  })
})
