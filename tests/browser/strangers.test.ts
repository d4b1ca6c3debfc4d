import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openGroup, PASSWORD, register, registerAdmin, type Person } from '../support/index.ts'
import { DESKTOP, faultsOf, messageOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

describe('people one does not know', () => {
  let me: Person
  let page: Page

  before(async () => {
    me = await register(world.urls, '나')
    page = await world.open(PHONE)
    await signInAs(page, me.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const blockedIds = async () =>
    (await me.get<{ items: { user_id: number }[] }>('/friends/blocks')).items.map(({ user_id }) => user_id)
  async function agree(id: number): Promise<void> {
    await page.getByRole('dialog').getByRole('button', { name: '차단', exact: true }).click()
    await eventually(async () => assert.ok((await blockedIds()).includes(id)))
  }
  const fromMenu = async (name: string) => {
    await page.getByRole('button', { name: `${name} 메뉴` }).click()
    await page.getByRole('menuitem', { name: '차단' }).click()
  }

  it('requests come first in the one list of a phone, and are blocked from there', async () => {
    const asker = await register(world.urls, '낯선요청')
    await asker.post('/friends/request', { target_user_id: me.id })
    await page.goto('/friends')
    const request = page.getByText('낯선요청', { exact: true })
    await request.waitFor()
    assert.equal(await page.getByRole('tablist').count(), 0)
    const [first, empty] = [await request.boundingBox(), await page.getByText('아직 친구가 없습니다').boundingBox()]
    assert.ok(first!.y < empty!.y)
    await fromMenu('낯선요청')
    await agree(asker.id)
    await request.waitFor({ state: 'detached' })
  })

  it('somebody found by a search is blocked, and found no more; back leads to the list', async () => {
    const stranger = await register(world.urls, '검색되는이')
    await page.goto('/friends')
    await page.getByRole('button', { name: '사람 찾기' }).click()
    await page.getByRole('searchbox', { name: /검색/ }).fill('검색되는이')
    await fromMenu('검색되는이')
    await agree(stranger.id)
    await page.locator('.side').getByText('검색되는이', { exact: true }).waitFor({ state: 'detached' })
    await page.goBack()
    await page.getByRole('searchbox', { name: /이름으로 찾기/ }).waitFor()
    await page.getByRole('button', { name: '차단', exact: true }).click()
    await page.getByText('검색되는이', { exact: true }).waitFor()
  })

  it('a member of a group is blocked, and the other one of a direct room, who is not told', async () => {
    const member = await register(world.urls, '모르는멤버')
    const { id } = await openGroup(member, '모르는 방', me)
    await page.goto(`/rooms/${id}`)
    await page.getByRole('button', { name: '채팅방 정보' }).click()
    await fromMenu('모르는멤버')
    await agree(member.id)

    const sender = await register(world.urls, '스팸')
    const direct = await sender.post<{ id: number }>('/chat-rooms', { type: 'direct', user_id: me.id })
    await sender.post(`/messages/${direct.id}`, { content: '광고입니다' })
    const theirs = await world.open(DESKTOP)
    await signInAs(theirs, sender.email)
    await theirs.goto(`/rooms/${direct.id}`)
    await page.goto(`/rooms/${direct.id}`)
    await page.getByRole('button', { name: '채팅방 정보' }).click()
    await page.getByRole('complementary').getByRole('button', { name: '차단' }).click()
    await agree(sender.id)
    await eventually(async () => {
      const refused = await sender.call('POST', `/messages/${direct.id}`, { body: { content: '또 광고' } })
      assert.equal(refused.status, 403)
    })
    await theirs.getByRole('textbox', { name: /보낼 메시지/ }).fill('왜 답이 없어요')
    await theirs.keyboard.press('Enter')
    const problem = theirs.locator('.problem')
    await problem.waitFor()
    assert.doesNotMatch(await problem.innerText(), /차단|block/i)
    await theirs.context().close()
  })

  it('a message is reported with its number, not its words; the operator sees who, why and what', async () => {
    const rude = await register(world.urls, '무례한이')
    const { id } = await openGroup(rude, '시끄러운 방', me)
    const message = await rude.post<{ id: string }>(`/messages/${id}`, { content: '나쁜 말' })
    await page.goto(`/rooms/${id}`)
    await messageOf(page, '나쁜 말').locator('.bubble').click({ button: 'right' })
    await page.getByRole('menuitem', { name: '신고' }).click()
    const dialog = page.getByRole('dialog', { name: '무례한이 님 신고' })
    assert.ok(await dialog.getByRole('button', { name: '신고하기' }).isDisabled(), 'not without a reason')
    await dialog.getByLabel('욕설, 괴롭힘').check()
    await dialog.getByLabel('설명 (선택)').fill('자꾸 욕해요')
    await dialog.getByRole('button', { name: '신고하기' }).click()
    await page.getByText('신고했습니다', { exact: false }).waitFor()
    assert.ok((await blockedIds()).includes(rude.id), 'blocked, as was chosen')

    const admin = await registerAdmin(world)
    const operator = await world.open(DESKTOP)
    await signInAs(operator, admin.email)
    await operator.goto('/ops/reports')
    const row = operator.getByRole('row', { name: /무례한이/ })
    const [, room, number] = message.id.split('_')
    const about = `채팅방 ${room}의 ${number}번 메시지`
    for (const part of ['욕설, 괴롭힘', '자꾸 욕해요', about, `나 #${me.id}`])
      await row.getByText(part, { exact: false }).waitFor()
    assert.equal(await operator.getByText('나쁜 말').count(), 0)
    await operator.getByText('운영자는 메시지를 읽을 수 없습니다', { exact: false }).waitFor()

    // From there the account is suspended, and reinstated; what that does is said before.
    await row.getByRole('button', { name: '이용 정지' }).click()
    const question = operator.getByRole('alertdialog').or(operator.getByRole('dialog'))
    await question.getByText('모든 기기에서 바로 로그아웃', { exact: false }).waitFor()
    await question.getByRole('button', { name: '이용 정지' }).click()
    await row.getByText('이용 정지됨').waitFor()
    assert.equal((await rude.call('GET', '/profile/me')).status, 401, 'their session has ended')
    await row.getByRole('button', { name: '정지 해제' }).click()
    await question.getByRole('button', { name: '정지 해제' }).click()
    await row.getByRole('button', { name: '이용 정지' }).waitFor()
    const signIn = await rude.call('POST', '/auth/login/json', { body: { email: rude.email, password: PASSWORD } })
    assert.equal(signIn.status, 200, signIn.text)

    // Handled, it leaves the list of what is to be done; among the others it says who it was, and can be taken back.
    await row.getByRole('button', { name: '처리 완료' }).click()
    await operator.getByText('처리할 신고가 없습니다').waitFor()
    await operator.getByRole('button', { name: '처리됨' }).click()
    await row.getByText(`#${admin.id}`, { exact: false }).waitFor()
    await row.getByRole('button', { name: '되돌리기' }).click()
    await operator.getByText('처리한 신고가 없습니다').waitFor()
    await operator.getByRole('button', { name: '처리 전' }).click()
    await row.getByRole('button', { name: '처리 완료' }).waitFor()
    assert.deepEqual(faultsOf(operator), [])
    await operator.context().close()
  })
})
