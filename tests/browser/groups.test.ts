import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { befriend, register, type Person } from '../support/index.ts'
import { faultsOf, fillSignUp, messageOf, say, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

/** One story in a real browser: each step goes on where the one before ended. */
describe('a group', () => {
  let owner: Page
  let member: Page
  let guest: Page
  let people: Person[]
  let link: string

  before(async () => {
    people = [
      await register(world.urls, '하나'),
      await register(world.urls, '두리'),
      await register(world.urls, '세찬'),
    ]
    const [hana, duri, sechan] = people as [Person, Person, Person]
    await befriend(hana, duri)
    await befriend(hana, sechan)
    ;[owner, member, guest] = [await world.open(), await world.open(), await world.open()]
    await signInAs(owner, hana.email)
    await signInAs(member, duri.email)
  })
  after(() => {
    for (const page of [owner, member, guest]) assert.deepEqual(faultsOf(page), [])
  })

  const details = (page: Page) => page.getByRole('complementary', { name: '채팅방 정보' })
  const choose = async (page: Page, who: string, what: string) => {
    await details(page)
      .getByRole('button', { name: `${who} 메뉴` })
      .click()
    await page.getByRole('menuitem', { name: what }).click()
  }

  it('is made of friends, with a name, and stands in the lists of all', async () => {
    await owner.getByRole('button', { name: '새 채팅' }).first().click()
    const dialog = owner.getByRole('dialog', { name: '새 채팅' })
    await dialog.getByRole('searchbox').fill('ㄷㄹ')
    await dialog.getByLabel('두리').check()
    await dialog.getByRole('searchbox').fill('')
    await dialog.getByLabel('세찬').check()
    await dialog.getByLabel('채팅방 이름').fill('산책 모임')
    await dialog.getByRole('button', { name: '그룹 만들기 (2명)' }).click()
    await owner
      .getByRole('log')
      .getByText(/하나 ?님이 채팅방을 만들었습니다/)
      .waitFor()
    await say(owner, '내일 아침 어때요?')
    await member.locator('a.list-item', { hasText: '하나: 내일 아침 어때요?' }).click()
    await messageOf(member, '내일 아침 어때요?').waitFor()
  })

  it('is renamed and muted; only those who manage it can rename it', async () => {
    for (const page of [owner, member]) await page.getByRole('button', { name: '채팅방 정보' }).click()
    assert.equal(await details(member).getByRole('button', { name: '이름 바꾸기' }).count(), 0)
    await details(owner).getByRole('button', { name: '이름 바꾸기' }).click()
    await details(owner).getByLabel('채팅방 이름').fill('아침 산책')
    await details(owner).getByRole('button', { name: '저장' }).click()
    await member.getByRole('heading', { name: '아침 산책' }).waitFor()
    await details(member).getByRole('radio', { name: '끄기' }).check()
    await member.getByRole('heading', { name: '알림 꺼짐' }).waitFor()
    await details(member).getByRole('radio', { name: '나를 부를 때만' }).check()
    await member.getByRole('heading', { name: '알림 꺼짐' }).waitFor({ state: 'detached' })
    await details(member).getByRole('button', { name: '내일 9시까지' }).click()
    await details(member).getByText('9:00까지 꺼 둠').waitFor()
    await member.getByRole('heading', { name: '알림 꺼짐' }).waitFor()
    // What was chosen before the pause is chosen after it.
    await details(member).getByRole('button', { name: '알림 켜기' }).click()
    await member.getByRole('heading', { name: '알림 꺼짐' }).waitFor({ state: 'detached' })
    assert.ok(await details(member).getByRole('radio', { name: '나를 부를 때만' }).isChecked())
    await details(member).getByRole('radio', { name: '모두' }).check()
  })

  it('gives roles, live', async () => {
    await choose(owner, '두리', '관리자로 지정')
    await details(member).getByRole('button', { name: '초대 링크' }).waitFor()
  })

  it('is entered by an invite link, after signing up', async () => {
    await details(member).getByRole('button', { name: '초대 링크' }).click()
    const dialog = member.getByRole('dialog', { name: '초대 링크' })
    await dialog.getByLabel('유효 기간').selectOption('never')
    await dialog.getByRole('button', { name: '링크 만들기' }).click()
    link = await dialog.getByRole('textbox', { name: '초대 링크' }).inputValue()
    await dialog.getByRole('button', { name: '닫기' }).click()
    await guest.goto(link)
    await guest.getByRole('link', { name: '회원가입' }).click()
    await fillSignUp(guest, '손님', 'guest')
    await guest.getByRole('main').getByText('아침 산책').waitFor()
    await guest.getByText('멤버 3명이 있는 채팅방입니다. 들어갈까요?').waitFor()
    await guest.getByRole('button', { name: '들어가기' }).click()
    await guest.getByRole('log').waitFor()
    await owner
      .getByRole('log')
      .getByText(/손님 ?님이 들어왔습니다/)
      .waitFor()
    await say(guest, '반갑습니다!')
    await messageOf(owner, '반갑습니다!').waitFor()
    assert.equal(await guest.getByText('내일 아침 어때요?').count(), 0, 'from before they joined')
  })

  it('lets an admin send somebody away, who cannot see it any more; their words keep their name', async () => {
    const path = `/chat-rooms/${new URL(owner.url()).pathname.split('/').at(-1)}`
    const { members } = await people[0]!.get<{ members: { user_id: number; display_name: string }[] }>(path)
    await choose(member, '손님', '내보내기')
    await member.getByRole('dialog').getByRole('button', { name: '내보내기' }).click()
    await guest.getByText('이 채팅방을 볼 수 없습니다').waitFor()
    await owner.reload()
    await messageOf(owner, '반갑습니다!').waitFor()
    await owner.locator('article[aria-label^="손님,"]').waitFor()
    const sentAway = members.filter(({ display_name }) => display_name === '손님').map(({ user_id }) => user_id)
    await guest.goto(link)
    await guest.getByRole('button', { name: '들어가기' }).click()
    await guest.getByText(/초대 링크로 다시 들어갈 수 없습니다/).waitFor()
    await guest.getByRole('main').getByRole('link').click()
    await people[0]!.post(`${path}/members`, { user_ids: sentAway })
  })

  it('asks who was sent away whether they come back', async () => {
    const invitation = guest.getByRole('region', { name: '받은 초대' })
    await invitation.getByText('하나 님의 초대').waitFor()
    await guest.reload()
    await invitation.getByText('하나 님의 초대').waitFor()
    await invitation.getByRole('button', { name: '아침 산책 초대 거절' }).click()
    await guest.getByRole('dialog').getByRole('button', { name: '취소' }).click()
    await invitation.getByRole('button', { name: '아침 산책 초대 수락' }).click()
    await guest.getByRole('log').waitFor()
    assert.equal(await invitation.count(), 0)
  })

  it('has a link that can be taken back', async () => {
    await details(member).getByRole('button', { name: '초대 링크' }).click()
    await member.getByRole('dialog').getByRole('button', { name: '링크 없애기' }).click()
    await member.getByRole('dialog').last().getByRole('button', { name: '링크 없애기' }).click()
    await member.getByRole('button', { name: '링크 만들기' }).waitFor()
    await guest.goto(link)
    await guest.getByText('초대 링크로 들어갈 수 없습니다').waitFor()
  })

  it('goes on when its owner hands it over and leaves', async () => {
    await member.keyboard.press('Escape')
    await owner.getByRole('button', { name: '채팅방 정보' }).click()
    await choose(owner, '두리', '방장 넘기기')
    await owner.getByRole('dialog').getByRole('button', { name: '방장 넘기기' }).click()
    await details(member).getByText('방장', { exact: true }).waitFor()
    await details(owner).getByRole('button', { name: '채팅방 나가기' }).click()
    await owner.getByRole('dialog').getByRole('button', { name: '채팅방 나가기' }).click()
    await owner.getByText('아직 채팅이 없습니다').waitFor()
    await member
      .getByRole('log')
      .getByText(/하나 ?님이 나갔습니다/)
      .waitFor()
    await member.locator('article[aria-label^="하나,"]').first().waitFor()
  })

  it('tells who leaves as its owner who follows, and who follows in the room', async () => {
    await details(member).getByRole('button', { name: '채팅방 나가기' }).click()
    await member
      .getByRole('dialog')
      .getByText(/나가면 세찬 님이 방장이 됩니다/)
      .waitFor()
    await member.getByRole('dialog').getByRole('button', { name: '채팅방 나가기' }).click()
    await guest.goto('/')
    await guest.locator('a.list-item', { hasText: '아침 산책' }).click()
    await guest
      .getByRole('log')
      .getByText(/두리님이 나갔습니다. 이제 세찬님이 방장입니다/)
      .waitFor()
  })
})
