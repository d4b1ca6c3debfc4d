import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach } from 'node:test'
import { eventually, type Cleanup } from '@bigtech/testkit'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { startTestServer, type TestServer } from '../support/index.ts'

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const ROOT = join(import.meta.dirname, '../..')
export const PASSWORD = 'Test1234!@'

/** For what waits for a person's eyes; a page that takes longer is broken. */
const PATIENCE_MS = 10_000

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'ko-KR' }
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  locale: 'ko-KR',
  hasTouch: true,
  isMobile: true,
}

export type World = TestServer & {
  browser: Browser
  /** A browser of somebody's own: cookies and memory are not shared with others. */
  open(options?: BrowserContextOptions): Promise<Page>
}

/** The whole system with its web client, and a real browser; both end after the test. What a page reports as an error fails it. @param more arguments of the browser */
export async function startWorld(
  t: Cleanup,
  env: Record<string, string> = {},
  more: readonly string[] = [],
): Promise<World> {
  // A build that is there is taken as it is.
  execFileSync(process.execPath, ['apps/web/build.ts'], { cwd: ROOT, stdio: 'inherit' })
  const system = await startTestServer(t, env)
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    // Korean file names are names only where letters are UTF-8.
    env: { ...process.env, LANG: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--lang=ko-KR',
      ...more,
    ],
  })
  t.after(() => browser.close())
  return {
    ...system,
    browser,
    async open(options = DESKTOP) {
      const context = await browser.newContext({
        baseURL: system.urls.gateway,
        permissions: ['microphone', 'clipboard-read', 'clipboard-write'],
        ...options,
      })
      return newPage(context)
    },
  }
}

/** A page whose faults are remembered: `faultsOf` must be empty in the end. */
export async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  pages.push(page)
  page.setDefaultTimeout(PATIENCE_MS)
  const faults: string[] = []
  faultsByPage.set(page, faults)
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message))
  page.on('console', (message) => {
    // A refused request is written to the console by the browser; the page tells its user.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR_|WebSocket connection/.test(message.text()))
      faults.push(message.text())
  })
  return page
}

// Whoever reads of a test that failed sees what its person saw.
afterEach(async (t) => {
  if ('passed' in t && t.passed) return
  for (const page of pages.filter((page) => !page.isClosed())) {
    const seen = await page.ariaSnapshot().catch(String)
    process.stderr.write(`${page.url()}\n${seen}\n`)
  }
})

const pages: Page[] = []
const faultsByPage = new WeakMap<Page, string[]>()
export const faultsOf = (page: Page): readonly string[] => faultsByPage.get(page) ?? []

export async function signUp(page: Page, name: string, username: string): Promise<void> {
  await page.goto('/signup')
  await fillSignUp(page, name, username)
  await page.getByRole('heading', { name: '채팅', exact: true }).waitFor()
}

/** Fills the form, once it is there, and sends it: the one to sign in, which is there until then, has fields of like names. */
export async function fillSignUp(page: Page, name: string, username: string): Promise<void> {
  await page.getByRole('heading', { name: '회원가입' }).waitFor()
  await page.getByLabel('이메일', { exact: true }).fill(`${username}@example.com`)
  await page.getByLabel('사용자 이름', { exact: true }).fill(username)
  await page.getByLabel('보이는 이름').fill(name)
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
  await page.getByLabel('비밀번호 확인').fill(PASSWORD)
  await page.getByRole('button', { name: '가입하기' }).click()
}

export async function signInAs(page: Page, account: string): Promise<void> {
  await page.goto('/signin')
  await page.getByLabel('이메일 또는 사용자 이름').fill(account)
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '로그인', exact: true }).click()
  await page.getByRole('heading', { name: '채팅', exact: true }).waitFor()
}

/** Waits until an expression holds in the page. Playwright's own `waitForFunction` evaluates there, which the page's policy forbids. */
export const holds = (page: Page, expression: string): Promise<void> =>
  eventually(async () => assert.ok(await page.evaluate(`Boolean(${expression})`), expression))

/** The line of a message with this text. */
export const messageOf = (page: Page, text: string) => page.locator('article', { hasText: text }).last()

export const composerOf = (page: Page) => page.getByRole('textbox', { name: /보낼 메시지/ })

export async function say(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text)
  await composerOf(page).press('Enter')
  await messageOf(page, text).waitFor()
}

/** Chooses files and sends them. */
export async function attach(
  page: Page,
  ...files: { name: string; mimeType: string; buffer: Buffer }[]
): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(files)
  await page.getByRole('dialog').getByRole('button', { name: '보내기' }).click()
}
