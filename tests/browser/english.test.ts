import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openDirect, openGroup, register, registerAdmin } from '../support/index.ts'
import { DESKTOP, faultsOf, PASSWORD, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis } from './care.fixture.ts'

const world = await startWorld({ after })

/** What can be read or is read aloud, and is Korean, but for the names of languages. */
const korean = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const hangul = /[\\u1100-\\u11ff\\u3130-\\u318f\\uac00-\\ud7a3]/
    const found = new Set([document.title].filter((text) => hangul.test(text)))
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('script, style, noscript, [lang=ko]')) continue
      const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent)
      const told = ['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? '')
      for (const text of [...own, ...told]) if (hangul.test(text)) found.add(text.trim())
    }
    return [...found]
  })()`)

const signIn = async (page: Page, account: string): Promise<void> => {
  await page.goto('/signin')
  await page.getByLabel('E-mail or username').fill(account)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/rooms/)
}

const OF_EVERYBODY = [
  '/rooms',
  '/friends',
  ...['profile', 'look', 'notifications', 'care', 'devices', 'password', 'account'].map((name) => `/settings/${name}`),
  '/senior',
  '/care',
  ...['mood', 'forms', 'forms/PHQ-9', 'forms/GAD-7', 'forms/GDS-SF', 'history', 'trend', 'family'].map(
    (name) => `/care/${name}`,
  ),
  '/join/nothing',
  '/nowhere',
]
const OF_OPERATORS = ['live', 'statistics', 'topics', 'outbox', 'partitions', 'dlq', 'storage', 'reports', 'health']

/** Somebody who reads no Korean. */
describe('in English', () => {
  let page: Page
  let room: number
  let direct: number
  before(async () => {
    const admin = await registerAdmin(world)
    const grace = await register(world.urls, 'Grace')
    room = (await openGroup(admin, 'Harbour', grace)).id
    await grace.say(room, 'Hello')
    // In the list its line is the server's own.
    await openGroup(grace, 'Quay', admin)
    // Of whoever closed their account the server keeps a name, which is Korean.
    const gone = await register(world.urls, 'Gone')
    direct = (await openDirect(gone, admin)).id
    await gone.say(direct, 'Farewell')
    await grace.post(`/chat-rooms/${room}/members`, { user_ids: [gone.id] })
    await gone.say(room, 'Farewell to all')
    await gone.call('DELETE', '/users/me', { body: { password: PASSWORD } })
    await eventually(async () => {
      const [shown] = await admin.get<{ status: string }[]>(`/users?user_ids=${gone.id}`)
      assert.equal(shown?.status, 'closed')
    })
    await agreeToAnalysis(admin)
    await admin.post('/care/entries', { text: 'I cannot sleep and I want to die', keep_text: true })
    page = await world.open({ ...DESKTOP, locale: 'en-US' })
    await signIn(page, admin.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  it('no screen says a word of Korean', async () => {
    const found: Record<string, string[]> = {}
    for (const path of [
      ...OF_EVERYBODY,
      `/rooms/${room}`,
      `/rooms/${direct}`,
      ...OF_OPERATORS.map((name) => `/ops/${name}`),
    ]) {
      await page.goto(path)
      await page.locator('main').first().waitFor()
      await page.waitForLoadState('networkidle')
      if (process.env['LOOK'])
        await page.screenshot({ path: `${process.env['LOOK']}/en${path.replaceAll('/', '-')}.png` })
      const words = await korean(page)
      // Whoever is led elsewhere sees another screen than this one.
      const { pathname } = new URL(page.url())
      if (pathname !== path) words.push(`led to ${pathname}`)
      if (words.length > 0) found[path] = words
    }
    assert.deepEqual(found, {})
  })
})
