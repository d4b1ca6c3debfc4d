import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { register, type Person } from '../support/index.ts'
import { DESKTOP, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

/** A page that was opened before an upgrade, without a service worker: what it has not loaded yet is there no more. */
describe('after an upgrade', () => {
  let me: Person
  let page: Page
  let loads = 0
  /** Pages of the server are those of another build, as far as this page can tell. */
  const upgraded = async (route: Route) => {
    if (route.request().resourceType() !== 'fetch') return route.fallback()
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('/assets/', '/assets/new-') })
  }
  const gone = (route: Route) => route.fulfill({ status: 404 })

  before(async () => {
    me = await register(world.urls, '열어둔이')
    page = await world.open({ ...DESKTOP, serviceWorkers: 'block' })
    await signInAs(page, me.email)
    page.on('request', (request) => request.isNavigationRequest() && loads++)
  })
  const go = (name: string) => page.getByRole('navigation', { name: '주 메뉴' }).getByRole('link', { name }).click()
  const told = () => page.locator('.toast', { hasText: '서버에 연결할 수 없습니다' }).first().waitFor()

  it('is not what a network does that fails: then nothing is loaded anew, and nothing lost', async () => {
    await page.route('**/assets/SettingsScreen*.js', gone)
    await go('설정')
    await told()
    assert.equal(loads, 0)
    assert.equal(new URL(page.url()).pathname, '/rooms')
  })

  it('the page is loaded anew where one wanted to go', async () => {
    await page.route(/\/$/, upgraded)
    await page.route('**/assets/FriendsScreen*.js', (route) => (loads === 0 ? gone(route) : route.fallback()))
    await go('친구')
    await page.getByRole('tab', { name: '사람 찾기' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/friends')
    assert.equal(loads, 1)
  })

  it('and once only, whatever is still missing then', async () => {
    await go('설정')
    await told()
    assert.equal(loads, 1)
    assert.equal(new URL(page.url()).pathname, '/friends')
  })
})
