import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { befriend, register, type Person } from '../support/index.ts'
import { DESKTOP, faultsOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis, checkCareScreen } from './care.fixture.ts'

const world = await startWorld({ after })

describe('care in the family, seen from two windows', () => {
  let elder: Person
  let daughter: Person
  let hers: Page
  let theirs: Page

  before(async () => {
    elder = await register(world.urls, '어머니')
    daughter = await register(world.urls, '큰딸')
    await befriend(elder, daughter)
    await agreeToAnalysis(elder)
    theirs = await world.open(PHONE)
    await signInAs(theirs, elder.email)
    hers = await world.open(DESKTOP)
    await signInAs(hers, daughter.email)
  })
  after(() => {
    assert.deepEqual(faultsOf(hers), [])
    assert.deepEqual(faultsOf(theirs), [])
  })

  const link = (page: Page, name: string) => page.locator('article.link', { hasText: name })

  it('one asks, the other accepts; that alone shares nothing', async () => {
    await hers.goto('/care/family')
    await hers.getByText('아직 돌보는 사람이 없습니다').waitFor()
    await checkCareScreen(hers, 'care family empty')
    await hers.getByRole('combobox', { name: '친구' }).selectOption('어머니')
    await hers.getByLabel('내가 이 사람을 돌봅니다').check()
    await hers.getByRole('button', { name: '부탁 보내기' }).click()
    await link(hers, '어머니').getByText('수락을 기다리는 중').waitFor()
    // Told of it, and led there.
    await theirs.getByRole('button', { name: /알림/ }).click()
    await theirs.getByRole('link', { name: /큰딸.*돌봄/ }).click()
    await theirs.waitForURL('**/care/family')
    await link(theirs, '큰딸').getByText('나의 보호자가 되고 싶어 합니다', { exact: false }).waitFor()
    await checkCareScreen(theirs, 'care family asked')
    await link(theirs, '큰딸').getByRole('button', { name: '수락' }).click()
    await link(theirs, '큰딸').getByText('아무것도 보여 주지 않음').waitFor()
    // By itself, in the other window.
    await link(hers, '어머니').getByText('아직 아무것도 나누지 않았습니다').waitFor()
    await hers.goto(`/care/family/${elder.id}`)
    await hers.getByText('볼 수 없습니다').waitFor()
  })

  it('the senior decides what is shown, in words they have read', async () => {
    await theirs.getByText('무엇을 보여 줄지 정하기').click()
    const trends = theirs.locator('article.consent', { hasText: '흐름 보여 주기' })
    await trends.getByText('큰딸').waitFor()
    await checkCareScreen(theirs, 'care family consents')
    await trends.getByRole('button', { name: '동의합니다' }).click()
    await link(theirs, '큰딸').getByText('흐름을 보여 줌').waitFor()
    const crisis = theirs.locator('article.consent', { hasText: '위기일 때' })
    await crisis.getByRole('button', { name: '동의합니다' }).click()
    await link(theirs, '큰딸').getByText('흐름을 보여 줌 · 위기일 때 알림').waitFor()
  })

  it('the guardian sees how they are: moods, cues with their strength, questionnaires; no words', async () => {
    await elder.post('/care/entries', { text: '요즘 잠이 안 와요', keep_text: true })
    await elder.post('/care/moods', { mood: 2 })
    await elder.post('/care/questionnaires/GAD-7/answers', { answers: [2, 2, 2, 2, 2, 2, 2] })
    await hers.goto('/care/family')
    await link(hers, '어머니').getByText('오늘 소식이 있었습니다').waitFor()
    await link(hers, '어머니').getByText('잠의 어려움').waitFor()
    await checkCareScreen(hers, 'care family senior')
    await link(hers, '어머니').getByRole('link', { name: '흐름' }).click()
    await hers.getByRole('heading', { name: '기간별 표' }).waitFor()
    const table = hers.getByRole('table')
    await table.getByText('잠의 어려움').waitFor()
    await table.getByText('뚜렷함', { exact: false }).waitFor()
    await table.getByText('GAD-7', { exact: false }).waitFor()
    await hers.locator('.uplot canvas').first().waitFor()
    assert.doesNotMatch(await hers.locator('main').innerText(), /잠이 안 와요/)
    await checkCareScreen(hers, 'care senior')
    await hers.getByRole('button', { name: '달' }).click()
    await table.getByText('잠의 어려움').waitFor()
  })

  it('what the guardian notes and looks at is seen by the senior', async () => {
    await hers.getByLabel('메모 내용').fill('점심을 같이 먹었습니다')
    await hers.getByRole('button', { name: '메모 남기기' }).click()
    await hers.locator('li', { hasText: '점심을 같이 먹었습니다' }).waitFor()
    await theirs.goto('/care/family')
    await theirs.getByText('점심을 같이 먹었습니다').waitFor()
    await theirs.getByText('큰딸 님이 흐름을(를) 보았습니다').first().waitFor()
    await checkCareScreen(theirs, 'care family reads')
  })

  it('the guardian sets when to be told, and is told', async () => {
    await hers.getByRole('switch', { name: '며칠 동안 소식이 없을 때' }).waitFor()
    await hers.getByRole('combobox', { name: '며칠 동안 소식이 없을 때' }).selectOption('7')
    await hers.getByRole('switch', { name: '단서가 강하거나' }).uncheck()
    await eventually(async () => {
      const rules = await daughter.get<{ quiet_days: number; cues: boolean }>(`/care/${elder.id}/alert-rules`)
      assert.deepEqual([rules.quiet_days, rules.cues], [7, false])
    })
    await elder.post('/care/entries', { text: '죽고 싶어요' })
    await hers.getByText('힘들어하는 순간이 있었습니다', { exact: false }).waitFor()
    await checkCareScreen(hers, 'care senior alert')
    assert.doesNotMatch(await hers.locator('main').innerText(), /죽고 싶/)
  })

  it('taken back, nothing is shown from then on; and it ends from either side', async () => {
    await theirs.getByText('무엇을 보여 줄지 정하기').click()
    const trends = theirs.locator('article.consent', { hasText: '흐름 보여 주기' })
    await trends.getByRole('button', { name: '동의 거두기' }).click()
    await theirs.getByRole('dialog').getByRole('button', { name: '동의 거두기' }).click()
    await link(theirs, '큰딸')
      .locator('header + p', { hasText: /^위기일 때 알림$/ })
      .waitFor()
    await hers.reload()
    await hers.getByText('볼 수 없습니다').waitFor()
    await checkCareScreen(hers, 'care senior closed')
    await link(theirs, '큰딸').getByRole('button', { name: '관계 끝내기' }).click()
    await theirs.getByRole('dialog').getByRole('button', { name: '관계 끝내기' }).click()
    await theirs.getByText('아직 보호자가 없습니다').waitFor()
    await hers.goto('/care/family')
    await hers.getByText('아직 돌보는 사람이 없습니다').waitFor()
  })
})
