import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { startMailServer } from '@bigtech/mail/mail-server'
import { readMail } from '@bigtech/mail/testing'
import { eventually } from '@bigtech/testkit'
import { assertProblem, behindGateway, call, PASSWORD, startTestServer } from '../support/index.ts'

describe('mails', async () => {
  const server = await startMailServer({ after })
  const { urls } = await startTestServer(
    { after },
    { SMTP_URL: server.url, EMAIL_CONFIRMATION: 'required', PUBLIC_URL: 'https://chat.example.com' },
  )
  const api = behindGateway(urls).user
  const mailTo = (email: string, subject: RegExp) =>
    eventually(() => {
      const mails = server.taken.filter(({ to }) => to === email).map(({ eml }) => readMail(eml))
      const found = mails.filter((mail) => subject.test(mail.header('subject') ?? ''))
      assert.ok(found.length > 0, mails.map((mail) => mail.header('subject')).join())
      return found.at(-1)!
    })
  const tokenIn = (text: string) => /confirm-email\?token=([\w-]+)/.exec(text)![1]!
  const signIn = (email: string) => call('POST', `${api}/auth/login/json`, { body: { email, password: PASSWORD } })

  it('let somebody in who has read the one they were welcomed with, or another', async () => {
    const body = { email: 'sora@example.com', username: 'sora', password: PASSWORD }
    assert.equal((await call('POST', `${api}/auth/register`, { body })).status, 201)
    assertProblem(await signIn(body.email), 403, 'EMAIL_NOT_CONFIRMED')
    const welcome = await mailTo(body.email, /환영/)
    assert.ok(welcome.text.includes('https://chat.example.com/confirm-email?token='))
    assertProblem(
      await call('POST', `${api}/auth/email/confirm`, { body: { token: 'x' } }),
      400,
      'CONFIRMATION_TOKEN_INVALID',
    )
    const { status } = await call('POST', `${api}/auth/email/resend`, { body: { email: body.email } })
    assert.equal(status, 202)
    const again = await mailTo(body.email, /이메일 주소 확인/)
    assert.notEqual(tokenIn(again.text), tokenIn(welcome.text))
    const confirmed = await call('POST', `${api}/auth/email/confirm`, { body: { token: tokenIn(welcome.text) } })
    assert.equal(confirmed.status, 204)
    assert.equal((await signIn(body.email)).status, 200)
  })

  it('tell of a new password, and that an account is closed', async () => {
    const body = { email: 'bora@example.com', username: 'bora', password: PASSWORD }
    await call('POST', `${api}/auth/register`, { body })
    const { text } = await mailTo(body.email, /환영/)
    await call('POST', `${api}/auth/email/confirm`, { body: { token: tokenIn(text) } })
    const { access_token: token } = (await signIn(body.email)).json() as { access_token: string }
    const password = 'Another1234!@'
    const changed = await call('POST', `${api}/auth/password`, {
      token,
      body: { current_password: PASSWORD, new_password: password },
    })
    assert.ok(changed.status < 300, changed.text)
    await mailTo(body.email, /비밀번호가 변경/)
    const closed = await call('DELETE', `${api}/users/me`, { token, body: { password } })
    assert.ok(closed.status < 300, closed.text)
    await mailTo(body.email, /탈퇴가 완료/)
  })
})
