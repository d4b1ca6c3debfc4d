import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, newPage, PASSWORD, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

describe('tabs, and what was begun in them', () => {
  let page: Page
  let me: Person

  before(async () => {
    me = await register(world.urls, '겨울')
    page = await world.open()
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  it('whoever signs in in one is signed in in those that wait for it, where they were', async () => {
    await page.goto('/signin')
    const other = await newPage(page.context())
    await other.goto('/friends')
    await other.getByRole('heading', { name: '로그인' }).waitFor()
    await signInAs(page, me.email)
    await other.getByRole('heading', { name: /^친구/ }).waitFor()
    assert.deepEqual(faultsOf(other), [])
    await other.close()
  })

  it('a session that was ended goes on where it was; somebody else begins at the beginning', async () => {
    const friend = await register(world.urls, '봄')
    const { id } = await openGroup(me, '이어서', friend)
    for (const [person, place] of [
      [me, `/rooms/${id}`],
      [friend, '/rooms'],
    ] as const) {
      await page.goto(`/rooms/${id}`)
      await page.getByRole('heading', { name: '이어서' }).waitFor()
      await me.del('/auth/sessions')
      await page.getByText(/다른 곳에서 로그아웃했습니다/).waitFor()
      await page.getByLabel('이메일 또는 사용자 이름').fill(person.email)
      await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: '로그인', exact: true }).click()
      await page.waitForURL(`**${place}`)
    }
  })

  it('what was changed in a profile and not saved is there when one comes back, until it is taken back', async () => {
    await page.goto('/settings/profile')
    const name = page.getByLabel('보이는 이름')
    const undo = page.getByRole('button', { name: '되돌리기' })
    const saved = await name.inputValue()
    assert.equal(await undo.count(), 0)
    await name.fill('여름')
    await page.getByRole('link', { name: '화면' }).click()
    await page.getByRole('link', { name: '프로필', exact: true }).click()
    assert.equal(await name.inputValue(), '여름')
    // A reload asks.
    const asked = page.waitForEvent('dialog')
    const reloaded = page.reload({ timeout: 5_000 }).catch(() => 'stayed')
    await (await asked).dismiss()
    assert.equal(await reloaded, 'stayed')
    await undo.click()
    assert.equal(await name.inputValue(), saved)
    await page.reload()
    await name.waitFor()
    assert.equal(await name.inputValue(), saved)
  })
})
