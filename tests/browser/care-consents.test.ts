import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { register, type Person } from '../support/index.ts'
import { faultsOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis, checkCareScreen } from './care.fixture.ts'

const world = await startWorld({ after })

describe('consents of care', () => {
  let elder: Person
  let page: Page
  before(async () => {
    elder = await register(world.urls, '어르신')
    page = await world.open(PHONE)
    await signInAs(page, elder.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const givenAt = async () =>
    (await elder.get<{ items: { given_at: string | null }[] }>('/care/consents')).items[0]!.given_at
  const card = () => page.locator('article', { hasText: '내가 건넨 말에서' })

  it('are off; a care screen leads to their words in one step, and agreeing leads back', async () => {
    assert.equal(await page.getByRole('link', { name: '돌봄', exact: true }).count(), 0, 'not in the menu')
    await page.goto('/care/mood')
    await page.getByText('먼저 동의가 필요해요').waitFor()
    await checkCareScreen(page, 'care gate')
    await page.getByRole('link', { name: '읽어 보고 정하기' }).click()
    await card().getByText('동의하지 않음').waitFor()
    await card().getByText('진단이 아니며', { exact: false }).waitFor()
    await checkCareScreen(page, 'care consents')
    await card().getByRole('button', { name: '동의합니다' }).click()
    await page.getByRole('heading', { name: '오늘 어떠세요?' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/care/mood')
    assert.notEqual(await givenAt(), null)
    await page.getByRole('link', { name: '돌봄', exact: true }).waitFor()
  })

  it('are taken back, with their history', async () => {
    await page.getByRole('link', { name: '동의 관리' }).click()
    await card().getByRole('button', { name: '동의 거두기' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '동의 거두기' }).click()
    await card().getByText('동의하지 않음').waitFor()
    assert.equal(await givenAt(), null)
    await card().getByText('동의한 기록').click()
    await card().getByText(/거둠/).waitFor()
    await page.getByRole('link', { name: '마음 돌봄 열기' }).click()
    await page.getByText('먼저 동의가 필요해요').waitFor()
  })

  it('one that was taken back elsewhere is asked for again', async () => {
    await agreeToAnalysis(elder)
    await page.goto('/care/mood')
    await page.locator('label', { hasText: '아주 좋아요' }).click()
    await elder.del('/care/consents/analysis')
    await page.getByRole('button', { name: '남기기' }).click()
    await page.getByText('먼저 동의가 필요해요').waitFor()
  })

  it('to older words are asked for again on every care screen, and on their card, where they can be taken back too', async () => {
    await agreeToAnalysis(elder)
    // As when the words were changed by an upgrade: no test can wait for one.
    await page.route('**/api/care/consents', async (route) => {
      const answer = await route.fetch()
      const { items } = (await answer.json()) as { items: object[] }
      const outdated = items.map((one) => ({ ...one, given_at: null, needs_renewal: true }))
      await route.fulfill({ response: answer, json: { items: outdated } })
    })
    await page.goto('/care/family')
    const note = page.getByRole('status').filter({ hasText: '동의하셨던 문구가 바뀌어' })
    await note.waitFor()
    await checkCareScreen(page, 'care renewal')
    await note.getByRole('link', { name: '읽어 보고 정하기' }).click()
    await card().getByText('문구가 바뀌었습니다').waitFor()
    await card().getByRole('button', { name: '동의합니다' }).waitFor()
    await card().getByRole('button', { name: '동의 거두기' }).waitFor()
    await page.unroute('**/api/care/consents')
    await page.goto('/care/family')
    await page.getByText('가족과 나누기').first().waitFor()
    assert.equal(await note.count(), 0)
    await elder.del('/care/consents/analysis')
  })

  it('the numbers to call stand there when nothing else can be asked', async () => {
    await page.goto('/care')
    await page.getByText('먼저 동의가 필요해요').waitFor()
    await page.route('**/api/**', (route) => route.abort())
    await page.reload()
    await page.getByText('서버에 연결할 수 없습니다').waitFor()
    const call = page.getByRole('link', { name: /^109/ })
    await eventually(async () => assert.equal(await call.first().getAttribute('href'), 'tel:109'))
    await page.unroute('**/api/**')
  })
})
