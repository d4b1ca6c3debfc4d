import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NotificationSettings } from '@bigtech/client'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { findings } from './axe.fixture.ts'
import { DESKTOP, faultsOf, messageOf, newPage, PASSWORD, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

const ONE_UNREAD = /^알림 ?1 ?개 안 읽음/
const NONE_UNREAD = /^알림$/
const bell = (page: Page) => page.getByRole('button', { name: /^알림/ })
const inboxOf = (page: Page) => page.getByRole('dialog', { name: '알림' })

describe('the list of notifications', () => {
  let minji: Person
  let haru: Person
  let jun: Person
  let room: { id: number }
  let page: Page

  before(async () => {
    minji = await register(world.urls, '민지')
    haru = await register(world.urls, '하루')
    jun = await register(world.urls, '준')
    room = await openGroup(haru, '점심 모임', minji, jun)
    page = await world.open()
    await signInAs(page, haru.email)
  })

  it('that is empty says so', async () => {
    await page.route('**/api/notifications?*', (route) =>
      route.fulfill({ json: { items: [], next_cursor: null, unread_count: 0 } }),
    )
    await bell(page).click()
    await inboxOf(page).getByText('아직 알림이 없습니다').waitFor()
    await page.keyboard.press('Escape')
    await inboxOf(page).waitFor({ state: 'detached' })
    await page.unroute('**/api/notifications?*')
  })

  it('tells of the sign-in on this new device', async () => {
    await bell(page).click()
    await inboxOf(page).getByText('새 기기에서 로그인했어요').waitFor()
    await inboxOf(page).getByRole('button', { name: '모두 읽음' }).click()
    await inboxOf(page).getByRole('heading', { name: '새 알림' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
  })

  it('counts at the bell and in the title, live; several people are one line', async () => {
    const message = await haru.say(room.id, '어디로 갈까요?')
    await minji.put(`/messages/${room.id}/${message.id}/reactions/${encodeURIComponent('👍')}`)
    await page.getByRole('button', { name: ONE_UNREAD }).waitFor()
    await eventually(async () => assert.match(await page.title(), /^\(1\)/))
    await bell(page).click()
    await inboxOf(page).getByText('민지님이 내 메시지에 👍 반응을 남겼어요').waitFor()
    await jun.put(`/messages/${room.id}/${message.id}/reactions/${encodeURIComponent('👍')}`)
    await inboxOf(page).getByText('준님 외 1명이 내 메시지에 👍 반응을 남겼어요').waitFor()
    // With the sign-in.
    assert.equal(await inboxOf(page).getByRole('listitem').count(), 2)
  })

  it('a line leads to what it is about, and is read by that', async () => {
    await inboxOf(page)
      .getByRole('link', { name: /반응을 남겼어요/ })
      .click()
    await messageOf(page, '어디로 갈까요?').waitFor()
    await inboxOf(page).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: NONE_UNREAD }).waitFor()
    assert.equal(new URL(page.url()).pathname, `/rooms/${room.id}`)
    assert.deepEqual(await haru.get('/notifications/count'), { unread_count: 0 })
  })

  it('unread ones stand first; “all read” reads them in every window', async () => {
    await page.goto('/friends')
    await minji.post('/friends/request', { target_user_id: haru.id })
    await page.getByRole('button', { name: ONE_UNREAD }).waitFor()
    const other = await newPage(page.context())
    await other.goto('/friends')
    await other.getByRole('button', { name: ONE_UNREAD }).waitFor()
    await bell(page).click()
    const lines = inboxOf(page).getByRole('listitem')
    await inboxOf(page).getByRole('heading', { name: '새 알림' }).waitFor()
    assert.match(await lines.first().innerText(), /민지님이 친구 요청을 보냈어요/)
    await inboxOf(page).getByRole('button', { name: '모두 읽음' }).click()
    await inboxOf(page).getByRole('heading', { name: '새 알림' }).waitFor({ state: 'detached' })
    await other.getByRole('button', { name: NONE_UNREAD }).waitFor()
    assert.equal(await inboxOf(page).getByRole('button', { name: '모두 읽음' }).count(), 0)
    await page.keyboard.press('Escape')
    await other.close()
  })

  it('goes on as far as there is anything', async () => {
    const people = await Promise.all(Array.from({ length: 40 }, (_, i) => register(world.urls, `손님${i}`)))
    for (const person of people) await person.post('/friends/request', { target_user_id: haru.id })
    await eventually(async () => {
      const { unread_count } = await haru.get<{ unread_count: number }>('/notifications/count')
      assert.equal(unread_count, 40)
    })
    await bell(page).click()
    await inboxOf(page).getByRole('listitem').nth(29).waitFor()
    await inboxOf(page).getByRole('listitem').nth(29).scrollIntoViewIfNeeded()
    await inboxOf(page).getByRole('listitem').nth(42).waitFor()
    assert.equal(await inboxOf(page).getByRole('listitem').count(), 43)
    await page.keyboard.press('Escape')
  })

  it('that cannot be loaded says so, and can be tried again', async () => {
    await page.route('**/api/notifications?*', (route) => route.abort())
    await bell(page).click()
    await inboxOf(page).getByRole('alert').waitFor({ timeout: 30_000 })
    await page.unroute('**/api/notifications?*')
    await inboxOf(page).getByRole('button', { name: '다시 시도' }).click()
    await inboxOf(page).getByRole('listitem').first().waitFor()
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })

  for (const [look, options] of [
    ['on a desktop', DESKTOP],
    ['in the dark', { ...DESKTOP, colorScheme: 'dark' }],
    ['on a phone', PHONE],
    ['on a phone in the dark', { ...PHONE, colorScheme: 'dark' }],
  ] as const)
    it(`${look}: the list and the settings fit, and axe-core finds nothing serious`, async () => {
      const one = await world.open(options)
      await signInAs(one, haru.email)
      await bell(one).click()
      await inboxOf(one).getByRole('listitem').first().waitFor()
      assert.deepEqual(await findings(one), [], 'list')
      if (options === PHONE || 'isMobile' in options) {
        const { width, height } = (await inboxOf(one).boundingBox())!
        assert.deepEqual([width, height], [390, 844])
      }
      await one.keyboard.press('Escape')
      await one.goto('/settings/notifications')
      await one.getByRole('switch', { name: /방해 금지 시간/ }).check()
      await one.getByLabel('시간대').waitFor()
      assert.deepEqual(await findings(one), [], 'settings')
      const wide = await one.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.equal(wide, 0)
      await one.getByRole('switch', { name: /방해 금지 시간/ }).uncheck()
      await one.context().close()
    })
})

describe('what one is told of', () => {
  it('is chosen by kind and way, and kept', async () => {
    const sora = await register(world.urls, '소라')
    const page = await world.open()
    await signInAs(page, sora.email)
    await page.goto('/settings/notifications')
    await page.getByLabel('내 메시지에 반응: 알림함').uncheck()
    await page.getByRole('switch', { name: /메시지 내용 보이기/ }).uncheck()
    await page.getByRole('switch', { name: /방해 금지 시간/ }).check()
    await page.getByLabel('시작').fill('23:30')
    await page.getByLabel('시작').blur()
    await page.getByLabel('시간대').selectOption('Asia/Tokyo')
    await page.getByLabel('새 기기 로그인: 메일').uncheck()
    await page.getByRole('switch', { name: /놓친 소식을 메일로 받기/ }).check()
    type Kept = NotificationSettings
    await eventually(async () => {
      const { kinds, show_text, quiet_hours, digest, language } = await sora.get<Kept>('/notifications/settings')
      assert.deepEqual(kinds.reaction, { push: true, in_app: false })
      assert.equal(show_text, false)
      assert.deepEqual(kinds.new_device, { push: true, mail: false })
      assert.deepEqual([digest, language], [true, null])
      assert.deepEqual(quiet_hours, { from: '23:30', to: '07:00', time_zone: 'Asia/Tokyo' })
    })
    await page.reload()
    await page.getByRole('switch', { name: /방해 금지 시간/ }).waitFor()
    assert.equal(await page.getByLabel('시작').inputValue(), '23:30')
    assert.equal(await page.getByLabel('내 메시지에 반응: 알림함').isChecked(), false)
    assert.equal(await page.getByLabel('새 기기 로그인: 메일').isChecked(), false)
    assert.equal(await page.getByLabel('비밀번호 변경: 메일').isChecked(), true)
    assert.equal(await page.getByLabel('내 메시지에 반응: 메일').count(), 0)
    assert.equal(await page.getByRole('switch', { name: /놓친 소식을 메일로 받기/ }).isChecked(), true)
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })

  it('is written in the language that is chosen for the page, or in another', async () => {
    const sora = await register(world.urls, '소라')
    const page = await world.open()
    const written = (wanted: string | null) =>
      eventually(async () => {
        const { language } = await sora.get<NotificationSettings>('/notifications/settings')
        assert.equal(language, wanted)
      })
    // Before it is known who chooses.
    await page.goto('/signin')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByLabel('E-mail or username').fill(sora.email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
    await written('en')
    await page.goto('/settings/look')
    await page.getByLabel('한국어').check()
    await written('ko')
    await page.goto('/settings/notifications')
    await page.getByLabel('메일 언어').selectOption('한국어와 영어')
    await written(null)
    await page.getByLabel('메일 언어').selectOption('English')
    await written('en')

    // The page changes its language whether the server hears of it or not, and says nothing of that.
    await page.goto('/settings/look')
    await page.route('**/api/notifications/settings', (route) => route.abort())
    const asked = page.waitForEvent('requestfailed')
    await page.getByLabel('English').check()
    await page.getByRole('heading', { name: 'Look' }).waitFor()
    await asked
    assert.equal(await page.locator('.toast').count(), 0)
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})
