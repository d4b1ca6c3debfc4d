import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createSmtpMailer, MailNotSent } from './smtp-mailer.ts'

const FROM = 'BigTech Chat <no-reply@example.com>'
const timeouts = { connectMs: 300, silenceMs: 300, sendMs: 5_000 }

type Taken = { from: string; to: string[]; user: string | undefined; text: string }

/** A mail server on a port of its own. */
async function openServer(t: TestContext, options: SMTPServerOptions = {}) {
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    // Its certificate is nobody's.
    disabledCommands: ['STARTTLS'],
    async onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const user = session.user as string | undefined
      const to = rcptTo.map(({ address }) => address)
      taken.push({ from: mailFrom ? mailFrom.address : '', to, user, text: await text(stream) })
      done()
    },
    ...options,
  })
  await new Promise<void>((resolve) => void server.listen(0, '0.0.0.0', resolve))
  t.after(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo
  return { taken, at: `127.0.0.1:${port}` }
}

const mail = { to: 'alice@example.com', subject: '비밀번호 재설정', text: '안녕하세요\n.\nBcc: x@example.com\n' }

function fromQuotedPrintable(body: string): string {
  const bytes = body.replaceAll('=\r\n', '').replaceAll('\r\n', '\n')
  return decodeURIComponent(bytes.replaceAll('%', '%25').replaceAll('=', '%'))
}

describe('mail over SMTP', () => {
  it('arrives with its sender, subject and text', async (t) => {
    const { taken, at } = await openServer(t)
    await createSmtpMailer({ url: `smtp://${at}`, from: FROM }).send(mail)
    assert.equal(taken.length, 1)
    const [one] = taken
    assert.deepEqual([one!.from, one!.to], ['no-reply@example.com', ['alice@example.com']])
    const [head, body] = one!.text.split('\r\n\r\n')
    assert.match(head!, /^From: BigTech Chat <no-reply@example\.com>$/m)
    assert.match(head!, /^To: alice@example\.com$/m)
    const subject = [...head!.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map(([, part]) => Buffer.from(part!, 'base64'))
    assert.equal(Buffer.concat(subject).toString(), mail.subject)
    assert.match(head!, /^Content-Transfer-Encoding: quoted-printable$/m)
    assert.equal(fromQuotedPrintable(body!), mail.text)
  })

  it('signs in with the name and password of the address', async (t) => {
    const { taken, at } = await openServer(t, {
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        username === 'chat@x' && password === 'p:w' ? done(null, { user: username }) : done(new Error('no')),
    })
    await createSmtpMailer({ url: `smtp://chat%40x:p%3Aw@${at}`, from: FROM }).send(mail)
    assert.equal(taken[0]!.user, 'chat@x')
    const wrong = createSmtpMailer({ url: `smtp://chat%40x:wrong@${at}`, from: FROM })
    await assert.rejects(wrong.send(mail), /EAUTH, answer 535/)
  })

  it('a mail that is not taken names the server and the number of its answer, and no address', async (t) => {
    const { at } = await openServer(t, {
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`no mailbox <${address}>`), { responseCode: 550 })),
    })
    await assert.rejects(createSmtpMailer({ url: `smtp://${at}`, from: FROM }).send(mail), (error) => {
      assert.ok(error instanceof MailNotSent)
      assert.match(error.message, /EENVELOPE, answer 550/)
      assert.ok(error.message.includes(at), error.message)
      assert.ok(!/alice/.test(`${error.stack}${JSON.stringify(error)}${String(error.cause)}`), error.stack)
      return true
    })
  })

  it('a password goes to no other machine in the clear', async (t) => {
    const { at, taken } = await openServer(t, { onAuth: (_auth, _session, done) => done(null, { user: 'u' }) })
    // Another name of this machine; it is not known to be one.
    const url = `smtp://u:secret@${at.replace('127.0.0.1', '127.0.0.2')}`
    await assert.rejects(createSmtpMailer({ url, from: FROM }).send(mail), (error) => {
      assert.match((error as Error).message, /ETLS/)
      assert.ok(!(error as Error).message.includes('secret'))
      return true
    })
    assert.deepEqual(taken, [])
  })

  it('a server that is not there, or says nothing, is given up', async (t) => {
    const silent = createServer((socket: Socket) => t.after(() => socket.destroy()))
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const url = `smtp://127.0.0.1:${port}`
    await assert.rejects(createSmtpMailer({ url, from: FROM, timeouts }).send(mail), /ETIMEDOUT/)
    silent.close()
    await assert.rejects(createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: FROM }).send(mail), /ECONNREFUSED|ESOCKET/)
  })
})
