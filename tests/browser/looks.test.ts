import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BrowserContextOptions } from 'playwright-core'
import { openDirect, openGroup, register, registerAdmin, type Person } from '../support/index.ts'
import { findings } from './axe.fixture.ts'
import { agreeToAnalysis } from './care.fixture.ts'
import { DESKTOP, faultsOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'
import { confirmAt } from './mails.fixture.ts'

const world = await startWorld({ after })

describe('every screen', () => {
  let admin: Person
  let roomId: number

  before(async () => {
    admin = await registerAdmin(world)
    const [one, two] = [await register(world.urls, '서연'), await register(world.urls, '도현')]
    const room = await openGroup(one, '주말 모임', two)
    await one.post(`/chat-rooms/${room.id}/members`, { user_ids: [admin.id] })
    roomId = room.id
    for (const [who, text] of [
      [one, '토요일에 볼까요?'],
      [two, '좋아요! https://example.com 여기 어때요'],
      [one, '👍'],
    ] as const)
      await who.say(roomId, text)
    await openDirect(two, admin)
    await agreeToAnalysis(admin)
    await admin.post('/care/entries', { text: '점심에 국수를 먹었는데 잠이 안 와요', keep_text: true })
    await one.post('/friends/request', { target_user_id: admin.id })
  })

  const screens = (): [string, string, RegExp | string][] => [
    ['rooms', '/rooms', '주말 모임'],
    ['conversation', `/rooms/${roomId}`, '토요일에 볼까요?'],
    ['friends', '/friends', '사람 찾기'],
    ['profile', '/settings/profile', '상태 메시지'],
    ['look', '/settings/look', '글자 크기'],
    ['notifications', '/settings/notifications', '무엇을 알릴까요'],
    ['devices', '/settings/devices', '이 기기'],
    ['password', '/settings/password', '지금 비밀번호'],
    ['account', '/settings/account', '회원 탈퇴'],
    ['care: consents', '/settings/care', '동의함'],
    ['care: talk', '/care', '오늘은 어떤 하루였나요?'],
    ['care: mood', '/care/mood', '오늘 어떠세요?'],
    ['care: questionnaires', '/care/forms', '기분 살펴보기 (PHQ-9)'],
    ['care: a question', '/care/forms/PHQ-9', '9개 가운데 1번째'],
    ['care: records', '/care/history', '점심에 국수를'],
    ['care: trend', '/care/trend', '기간별 표'],
    ['care: family', '/care/family', '누가 무엇을 언제 보았나'],
    ['senior', '/senior', /어느 방에서/],
    ['operations', '/ops/live', '가동 시간'],
    ['topics', '/ops/topics', 'user.events'],
    ['outbox', '/ops/outbox', 'chat-service'],
    ['partitions', '/ops/partitions', '나뉜 파티션이 없습니다'],
    ['dead letters', '/ops/dlq', '실패한 이벤트가 없습니다'],
    ['health', '/ops/health', '정상'],
    ['an unknown address', '/nowhere', '찾을 수 없는 페이지입니다'],
  ]
  const looks: [string, BrowserContextOptions][] = [
    ['on a desktop', DESKTOP],
    ['in the dark', { ...DESKTOP, colorScheme: 'dark' }],
    ['on a phone', PHONE],
  ]

  for (const [look, options] of looks)
    it(`${look}: is there, fits, and axe-core finds nothing serious`, async () => {
      const page = await world.open(options)
      await page.goto('/signin')
      await page.getByRole('button', { name: '로그인', exact: true }).waitFor()
      assert.deepEqual(await findings(page), [], 'sign in')
      await page.goto('/signup')
      await page.getByRole('button', { name: '가입하기' }).waitFor()
      assert.deepEqual(await findings(page), [], 'sign up')
      await confirmAt(page, '/confirm-email?token=old')
      await page.getByRole('button', { name: '링크 받기' }).waitFor()
      assert.deepEqual(await findings(page), [], 'confirm e-mail')
      await signInAs(page, admin.email)
      for (const [name, path, text] of screens()) {
        await page.goto(path)
        await page.getByText(text).first().waitFor({ state: 'attached' })
        assert.deepEqual(await findings(page), [], name)
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        assert.equal(wide, 0, `${name} is wider than the window`)
      }
      assert.deepEqual(faultsOf(page), [])
      await page.context().close()
    })

  it('can be used with the keyboard alone', async () => {
    const page = await world.open()
    await signInAs(page, admin.email)
    const focused = () =>
      page.evaluate('document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? ""')
    const tabTo = async (name: RegExp) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab')
        if (name.test(String(await focused()))) return
      }
      assert.fail(`Tab never came to ${name}`)
    }
    await tabTo(/주말 모임/)
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: /보낼 메시지/ }).waitFor()
    await page.getByRole('textbox', { name: /보낼 메시지/ }).focus()
    await page.keyboard.type('자판으로')
    await page.keyboard.press('Enter')
    const row = page.locator('article', { hasText: '자판으로' }).last()
    await row.waitFor()
    await row.getByRole('button', { name: '메시지 메뉴' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('되돌릴 수 없습니다', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
})
