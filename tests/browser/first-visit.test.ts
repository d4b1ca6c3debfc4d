import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, messageOf, newPage, PASSWORD, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

describe('the first visit', () => {
  const open = (locale: string) => world.open({ locale })

  for (const [locale, title] of [
    ['en-US', 'Sign in'],
    ['ko-KR', '로그인'],
    ['fr-FR', '로그인'],
  ] as const)
    it(`speaks the language of a browser in ${locale}`, async () => {
      const page = await open(locale)
      await page.goto('/signin')
      await page.getByRole('heading', { name: title }).waitFor()
      assert.deepEqual(faultsOf(page), [])
      await page.context().close()
    })

  it('a switch at the top changes it, answers of the server included, and is remembered', async () => {
    const page = await open('ko-KR')
    await page.goto('/signin')
    const other = page.getByRole('button', { name: 'English' })
    const [button, title] = [
      await other.boundingBox(),
      await page.getByRole('heading', { name: '로그인' }).boundingBox(),
    ]
    assert.ok(button!.y < title!.y)
    await other.click()
    await page.getByLabel('E-mail or username').fill('nobody')
    await page.getByLabel('Password', { exact: true }).fill('wrong-password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    assert.match(await page.getByRole('alert').innerText(), /^[\x20-\x7e]+$/)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.context().close()
  })

  it('asks for nothing that is refused', async () => {
    const page = await open('ko-KR')
    const refused: string[] = []
    page.on('response', (answer) => answer.status() >= 400 && refused.push(`${answer.status()} ${answer.url()}`))
    await page.goto('/')
    await page.getByRole('heading', { name: '로그인' }).waitFor()
    await page.waitForLoadState('networkidle')
    assert.deepEqual(refused, [])
    await page.context().close()
  })

  it('an e-mail address or name that is taken is marked at its field, which has the focus', async () => {
    const { email, name } = await register(world.urls, '먼저온이')
    const page = await open('ko-KR')
    await page.goto('/signup')
    const field = (label: string) => page.getByLabel(label, { exact: true })
    const focused = () => page.evaluate('document.activeElement.name')
    await field('이메일').fill(email)
    await field('사용자 이름').fill('brandnew')
    await field('비밀번호').fill(PASSWORD)
    await field('비밀번호 확인').fill(PASSWORD)
    await page.getByRole('button', { name: '가입하기' }).click()
    await page.getByText('이미 사용 중인 이메일입니다').waitFor()
    assert.equal(await field('이메일').getAttribute('aria-invalid'), 'true')
    assert.equal(await focused(), 'email')
    await field('이메일').fill('free@example.com')
    await field('사용자 이름').fill(email.split('@')[0]!)
    await page.getByRole('button', { name: '가입하기' }).click()
    await page.getByText('이미 사용 중인 사용자 이름입니다').waitFor()
    assert.equal(await field('이메일').getAttribute('aria-invalid'), null)
    assert.equal(await focused(), 'username')
    assert.ok(name)
    await page.context().close()
  })
})

/** A page from a machine in the house: plain HTTP and not localhost, so browsers give it no clipboard and no microphone. */
describe('over plain HTTP in a local network', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let owner: Person

  before(async () => {
    owner = await register(world.urls, '집주인')
    const guest = await register(world.urls, '손님')
    const { id } = await openGroup(owner, '우리 집', guest)
    await guest.post(`/messages/${id}`, { content: '복사할 글' })
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--host-resolver-rules=MAP house.test 127.0.0.1'],
    })
    const { port } = new URL(world.urls.gateway)
    context = await browser.newContext({ baseURL: `http://house.test:${port}`, locale: 'ko-KR' })
    page = await newPage(context)
    await signInAs(page, owner.email)
    assert.equal(await page.evaluate('isSecureContext'), false)
    await page.goto(`/rooms/${id}`)
    await messageOf(page, '복사할 글').waitFor()
  })
  after(async () => {
    await browser.close()
    // Browsers say of one of our headers that it has no effect here.
    assert.deepEqual(
      faultsOf(page).filter((fault) => !fault.startsWith('The Cross-Origin-Opener-Policy header has been ignored')),
      [],
    )
  })

  const toasts = () => page.locator('.toast').allInnerTexts()
  const paste = async () => {
    const field = page.getByRole('textbox', { name: /보낼 메시지/ })
    await field.fill('')
    await field.press('Control+v')
    return field.inputValue()
  }

  it('copies a message, and says just that', async () => {
    await messageOf(page, '복사할 글').locator('.bubble').click({ button: 'right' })
    await page.getByRole('menuitem', { name: '복사' }).click()
    await page.getByText('복사했습니다').waitFor()
    assert.equal((await toasts()).length, 1)
    assert.equal(await paste(), '복사할 글')
  })

  it('copies an invite link from its dialog', async () => {
    await page.getByRole('button', { name: '채팅방 정보' }).click()
    await page.getByRole('button', { name: '초대 링크' }).click()
    await page.getByRole('button', { name: '링크 만들기' }).click()
    const link = await page.getByRole('textbox', { name: '초대 링크' }).inputValue()
    await page.getByRole('button', { name: '복사', exact: true }).click()
    await page.getByText('링크를 복사했습니다').waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await paste(), link)
  })

  it('says why there is no microphone', async () => {
    await page.getByRole('textbox', { name: /보낼 메시지/ }).fill('')
    await page.getByRole('button', { name: '음성 메시지 녹음' }).click()
    await page.getByText('이 주소(HTTPS 아님)에서는', { exact: false }).waitFor()
  })
})
