import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { call, ok } from '../support/index.ts'
import { findings } from './axe.fixture.ts'
import { faultsOf, fillSignUp, newPage, PASSWORD, PHONE, startWorld } from './browser.fixture.ts'
import { confirmAt, linkOf } from './mails.fixture.ts'

const world = await startWorld({ after }, { EMAIL_CONFIRMATION: 'required' })

const CONFIRM = '/confirm-email'
const heading = (page: Page) => page.getByRole('heading', { name: '이메일 주소를 확인해 주세요' })
const signInButton = (page: Page) => page.getByRole('button', { name: '로그인', exact: true })
const inside = (page: Page) => page.getByRole('heading', { name: '채팅', exact: true }).waitFor()

/** An account nobody can sign in to yet. */
async function registered(username: string): Promise<string> {
  const email = `${username}@example.com`
  const body = { email, username, password: PASSWORD, display_name: username }
  await ok(call('POST', `${world.urls.gateway}/api/auth/register`, { body }))
  return email
}

async function tryToSignIn(page: Page, account: string): Promise<void> {
  await page.goto('/signin')
  await page.getByLabel('이메일 또는 사용자 이름').fill(account)
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
  await signInButton(page).click()
  await heading(page).waitFor()
}

describe('where addresses must be confirmed', () => {
  it('who registers is told of the mail, can have another after a minute, and is in once its link was opened', async () => {
    const page = await world.open()
    await page.clock.install()
    await page.goto('/signup')
    await fillSignUp(page, '지우', 'jiwoo')
    await heading(page).waitFor()
    await page.getByText('jiwoo@example.com 주소로 메일을 보냈습니다', { exact: false }).waitFor()
    assert.deepEqual(await findings(page), [])
    const first = await linkOf(world, 'jiwoo@example.com', CONFIRM)

    const again = page.getByRole('button', { name: /^다시 보내기/ })
    assert.match(await again.innerText(), /\(\d+초 뒤\)/)
    assert.equal(await again.isDisabled(), true)
    await page.clock.fastForward(61_000)
    await page.getByRole('button', { name: '다시 보내기', exact: true }).click()
    await page.getByText('스팸함도 확인해 주세요', { exact: false }).waitFor()
    assert.equal(await again.isDisabled(), true)
    assert.notEqual(await linkOf(world, 'jiwoo@example.com', CONFIRM, 2), first)

    await signInButton(page).click()
    await page.getByRole('alert').getByText('이메일 주소가 확인되지 않았습니다', { exact: false }).waitFor()
    // Any of the mails will do, on any device.
    const phone = await world.open(PHONE)
    await confirmAt(phone, first)
    await phone.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    await phone.getByRole('link', { name: '로그인하기' }).click()
    await signInButton(phone).waitFor()
    await signInButton(page).click()
    await inside(page)
    for (const one of [page, phone]) {
      assert.deepEqual(faultsOf(one), [])
      await one.context().close()
    }
  })

  it('who signs in before is told why not, by the address or by a name, and goes on in the same window', async () => {
    const email = await registered('noeul')
    const page = await world.open(PHONE)
    await tryToSignIn(page, email)
    await page.getByText(`${email} 주소로 받은 메일의 링크를 열고 나면`, { exact: false }).waitFor()
    assert.equal(await page.getByRole('textbox').count(), 0)
    await page.getByRole('button', { name: '로그인으로 돌아가기' }).click()
    await page.getByLabel('이메일 또는 사용자 이름').waitFor()

    await tryToSignIn(page, 'noeul')
    await page.getByLabel('이메일', { exact: true }).fill('not an address')
    await page.getByRole('button', { name: '링크 받기' }).click()
    await page.getByText('이메일 주소를 확인해 주세요 (예', { exact: false }).waitFor()
    await page.getByLabel('이메일', { exact: true }).fill(email)
    await page.getByRole('button', { name: '링크 받기' }).click()
    await page.getByText('확인해야 하는 계정이 있다면', { exact: false }).waitFor()
    const link = await linkOf(world, email, CONFIRM, 2)
    const other = await newPage(page.context())
    await confirmAt(other, link)
    await other.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    await other.close()
    await signInButton(page).click()
    await inside(page)
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })

  it('a link that is no good says so, and another can be had for it', async () => {
    const email = await registered('daon')
    await linkOf(world, email, CONFIRM)
    const page = await world.open()
    await confirmAt(page, `${CONFIRM}?token=old`)
    await page.getByText('24시간이 지났거나 올바르지 않은 링크입니다', { exact: false }).waitFor()
    assert.deepEqual(await findings(page), [])
    await page.getByLabel('이메일', { exact: true }).fill(email)
    await page.getByRole('button', { name: '링크 받기' }).click()
    await page.getByText(`${email} 주소를 확인해야 하는 계정이 있다면`, { exact: false }).waitFor()
    await confirmAt(page, await linkOf(world, email, CONFIRM, 2))
    await page.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    await page.goto(CONFIRM)
    await page.getByText('링크가 올바르지 않습니다', { exact: false }).waitFor()
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })

  it('without a connection the link can be tried again', async () => {
    const email = await registered('maru')
    const page = await world.open()
    await page.route('**/api/auth/email/confirm', (route) => route.abort())
    await confirmAt(page, await linkOf(world, email, CONFIRM))
    await page.getByRole('alert').waitFor()
    await page.unroute('**/api/auth/email/confirm')
    await page.getByRole('button', { name: '다시 시도' }).click()
    await page.getByText('이메일 주소를 확인했습니다', { exact: false }).waitFor()
    assert.deepEqual(faultsOf(page), [])
    await page.context().close()
  })
})

describe('the link at the end of a mail of what was missed', () => {
  it('asks first, because programs follow links, and says that they have stopped', async () => {
    const page = await world.open(PHONE)
    await page.goto('/unsubscribe?token=that-of-a-mail')
    await page.getByText('그만 받을까요?', { exact: false }).waitFor()
    assert.deepEqual(await findings(page), [])
    await page.getByRole('button', { name: '그만 받기' }).click()
    await page.getByText('이제 보내지 않습니다', { exact: false }).waitFor()
    await page.goto('/unsubscribe')
    await page.getByRole('status').waitFor()
    assert.equal(await page.getByRole('button', { name: '그만 받기' }).count(), 0)
  })
})
