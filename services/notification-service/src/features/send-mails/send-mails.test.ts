import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { startMailServer } from '@bigtech/mail/mail-server'
import { readMail } from '@bigtech/mail/testing'
import {
  UserClosed,
  UserClosureCancelled,
  UserClosureRequested,
  UserEmailConfirmationAsked,
  UserLoggedIn,
  UserPasswordChanged,
  UserRegistered,
} from '@bigtech/user-service/contract'
import { addressOf, EMMA, JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

type Service = Awaited<ReturnType<typeof startService>>

const registered = ({ clock }: Pick<Service, 'clock'>, user_id: number, ago = 0) =>
  UserRegistered.make(
    {
      user_id,
      username: `user${user_id}`,
      display_name: user_id === EMMA ? 'Emma' : '민수',
      profile_image_url: null,
      status_message: null,
      status: 'active',
      email: addressOf(user_id),
    },
    { now: clock.now() - ago },
  )

const HOUR_MS = 3_600_000

describe('mails', () => {
  it('welcome somebody once, with a link that confirms the address, in both languages', async (t) => {
    const service = await startService(t)
    const event = registered(service, MINSU)
    await service.tell(event)
    await service.mailed()
    await service.tell(event, registered(service, MINSU, 80 * HOUR_MS))
    await service.mailed()
    const [mail, ...others] = await service.mails()
    assert.deepEqual(others, [])
    assert.equal(mail!.header('to'), addressOf(MINSU))
    assert.equal(mail!.header('subject'), '[BigTech Chat] 가입을 환영합니다 / Welcome')
    assert.match(mail!.header('message-id')!, /^<[\w.-]+\.welcome@chat\.example\.com>$/)
    for (const part of [mail!.text, mail!.html])
      assert.ok(part.includes('https://chat.example.com/confirm-email?token=token-of-1'), part)
    assert.ok(mail!.text.includes('민수님, 안녕하세요') && mail!.text.includes('Hello 민수'))
  })

  it('wait for no time that the clock was set back from, whether it was theirs or that of the mail server', async (t) => {
    const server = await startMailServer(t)
    const service = await startService(t, { smtpUrl: server.url })
    const { clock } = service
    const began = clock.now()
    await server.stop()
    clock.set(began + HOUR_MS)
    await service.tell(registered(service, MINSU), UserPasswordChanged.make({ user_id: EMMA }, service))
    await service.handled()
    await service.module.turns.mails()
    await server.startAgain()
    clock.set(began)
    await eventually(async () => {
      clock.advance(5_000)
      await service.module.turns.mails()
      assert.equal(server.taken.length, 2)
    })
    assert.ok(clock.now() - began < HOUR_MS / 2, `sent after ${clock.now() - began} ms`)
  })

  it('confirm an address again when that is asked for, and not one that is confirmed meanwhile', async (t) => {
    const service = await startService(t)
    await service.tell(UserEmailConfirmationAsked.make({ user_id: MINSU }, service))
    await service.mailed()
    service.accounts.confirmed.add(MINSU)
    await service.tell(UserEmailConfirmationAsked.make({ user_id: MINSU }, service), registered(service, MINSU))
    await service.mailed()
    const subjects = (await service.mails()).map((mail) => [mail.header('subject'), /token=/.test(mail.text)])
    assert.deepEqual(subjects, [
      ['[BigTech Chat] 이메일 주소 확인 / Confirm your e-mail address', true],
      ['[BigTech Chat] 가입을 환영합니다 / Welcome', false],
    ])
  })

  it('tell of a new device and a changed password, in the language and only as it is wanted', async (t) => {
    const service = await startService(t)
    const settings = await service.call<Record<string, unknown>>(JIWOO, 'PUT', '/notifications/settings', {
      kinds: { new_device: { mail: false } },
      language: 'en',
    })
    assert.deepEqual([settings.body['digest'], settings.body['language']], [false, 'en'])
    for (const user_id of [MINSU, JIWOO])
      await service.tell(
        UserLoggedIn.make({ user_id, is_new_device: true }, service),
        UserLoggedIn.make({ user_id, is_new_device: false }, service),
        UserPasswordChanged.make({ user_id }, service),
      )
    await service.mailed()
    const subjects = (await service.mails()).map((mail) => `${mail.header('to')} ${mail.header('subject')}`)
    assert.deepEqual(subjects.sort(), [
      'user1@example.com [BigTech Chat] 비밀번호가 변경되었습니다 / Your password was changed',
      'user1@example.com [BigTech Chat] 새 기기에서 로그인했습니다 / New device signed in',
      'user2@example.com [BigTech Chat] Your password was changed',
    ])
  })

  it('tell that an account is closed, once it is; one whose closing was taken back gets none', async (t) => {
    const service = await startService(t)
    const asked = (user_id: number) =>
      UserClosureRequested.make({ user_id, saga_id: `s${user_id}`, email: addressOf(user_id) }, service)
    await service.tell(asked(MINSU), asked(JIWOO))
    await service.tell(UserClosureCancelled.make({ user_id: JIWOO, saga_id: 's2', reason: 'no' }, service))
    await service.mailed()
    assert.deepEqual(await service.mails(), [])
    service.accounts.closed.add(MINSU)
    await service.tell(UserClosed.make({ user_id: MINSU, saga_id: 's1' }, service))
    await service.tell(UserPasswordChanged.make({ user_id: MINSU }, service))
    await service.mailed()
    const [mail, ...others] = await service.mails()
    assert.deepEqual([mail!.header('to'), others], [addressOf(MINSU), []])
    assert.ok(mail!.text.startsWith('민수님, 안녕하세요\n\n계정이 닫혔고'), mail!.text)
  })

  it('wait while user-service does not answer', async (t) => {
    const service = await startService(t)
    service.accounts.isDown = true
    await service.tell(registered(service, MINSU))
    await service.handled()
    await eventually(async () => assert.match(await service.metrics.text(), /mail_deliveries_total\{.*later.*\} 1/))
    service.accounts.isDown = false
    service.clock.advance(10_000)
    await service.mailed()
    assert.equal((await service.mails()).length, 1)
  })
})

describe('a mail server', () => {
  it('that is away for an hour is asked seldom, and gets what waits within minutes, without what is too old', async (t) => {
    const server = await startMailServer(t)
    const service = await startService(t, { smtpUrl: server.url })
    await server.stop()
    const now = service.clock.now()
    for (let i = 0; i < 30; i++) await service.tell(registered(service, MINSU))
    await service.handled()
    for (let i = 0; i < 60; i++) {
      service.clock.advance(60_000)
      if (i === 30) await service.tell(registered(service, JIWOO), UserPasswordChanged.make({ user_id: EMMA }, service))
      await service.module.turns.mails()
    }
    await service.handled()
    assert.equal(await service.database.mails.waiting(service.clock.now() + HOUR_MS), 32)
    await server.startAgain()
    for (let i = 0; i < 5; i++) {
      service.clock.advance(60_000)
      await service.module.turns.mails()
    }
    assert.equal(await service.database.mails.waiting(now + 10 * HOUR_MS), 0)
    assert.equal(server.taken.length, 32)
    const failed = /mail_deliveries_total\{.*later.*\} (\d+)/.exec(await service.metrics.text())
    assert.ok(Number(failed?.[1]) < 70, `${failed?.[1]} tries in an hour`)

    await server.stop()
    await service.tell(registered(service, MINSU))
    await service.handled()
    service.clock.advance(73 * HOUR_MS)
    await service.module.turns.expire()
    await server.startAgain()
    await service.module.turns.mails()
    assert.equal(server.taken.length, 32)
    assert.match(await service.metrics.text(), /mail_deliveries_total\{.*expired.*\} 1/)
  })

  it('that refuses somebody for now or for good does not keep others waiting', async (t) => {
    const server = await startMailServer(t)
    const service = await startService(t, { smtpUrl: server.url })
    server.refused.set(addressOf(MINSU), 550)
    server.refused.set(addressOf(JIWOO), 451)
    await service.tell(registered(service, MINSU), registered(service, JIWOO), registered(service, EMMA))
    await service.handled()
    await service.module.turns.mails()
    await eventually(() =>
      assert.deepEqual(
        server.taken.map(({ to }) => to),
        [addressOf(EMMA)],
      ),
    )
    server.refused.clear()
    service.clock.advance(10_000)
    await service.mailed()
    await eventually(() =>
      assert.deepEqual(
        server.taken.map(({ to }) => to),
        [addressOf(EMMA), addressOf(JIWOO)],
      ),
    )
    assert.match(await service.metrics.text(), /mail_deliveries_total\{.*refused.*\} 1/)
  })

  it('that does not take the sender, or nobody at all, has refused no mail', async (t) => {
    const server = await startMailServer(t)
    const service = await startService(t, { smtpUrl: server.url })
    const sendFor = async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        service.clock.advance(60_000)
        await service.module.turns.mails()
      }
    }
    server.senders.refusedWith = 530
    for (let i = 0; i < 10; i++) await service.tell(registered(service, MINSU))
    await service.handled()
    await sendFor(20)
    assert.equal(await service.database.mails.waiting(service.clock.now() + HOUR_MS), 10)
    delete server.senders.refusedWith
    server.refused.set(addressOf(MINSU), 554)
    await sendFor(20)
    const left = await service.database.mails.waiting(service.clock.now() + HOUR_MS)
    assert.equal(left, 5, 'the first few of them are given up')
    server.refused.clear()
    await sendFor(5)
    assert.equal(server.taken.length, 5)
  })

  it('whose yes could not be kept is asked again later, and the process ends well', async (t) => {
    const server = await startMailServer(t)
    const service = await startService(t, { smtpUrl: server.url })
    const { mails } = service.database
    const done = mails.done.bind(mails)
    mails.done = () => Promise.reject(new Error('disk full'))
    await service.tell(registered(service, MINSU))
    await service.handled()
    await service.module.turns.mails()
    await eventually(() => assert.equal(server.taken.length, 1))
    mails.done = done
    service.clock.advance(HOUR_MS)
    await service.mailed()
    const [first, second, ...others] = server.taken.map(({ eml }) => readMail(eml).header('message-id'))
    assert.deepEqual([second, others], [first, []])
    await service.module.close()
  })

  it('that says nothing does not hold up the end of the process', async (t) => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    t.after(() => silent.close())
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const service = await startService(t, { smtpUrl: `smtp://127.0.0.1:${port}` })
    const asked = once(silent, 'connection')
    await service.tell(registered(service, MINSU))
    const [socket] = (await asked) as [Socket]
    t.after(() => socket.destroy())
    const start = performance.now()
    await service.module.close()
    assert.ok(performance.now() - start < 4_000)
  })
})
