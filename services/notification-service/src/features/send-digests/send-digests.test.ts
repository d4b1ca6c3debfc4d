import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FriendRequestSent } from '@bigtech/friend-service/contract'
import { EMMA, JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'
import { nextDigestAt } from '../../domain/mail.ts'

type Service = Awaited<ReturnType<typeof startService>>

const want = (service: Service, digest: boolean) =>
  service.call(JIWOO, 'PUT', '/notifications/settings', { digest, language: 'ko' })

/** @returns the mails of the morning */
async function nextMorning(service: Service) {
  const { clock, module } = service
  const before = (await service.mails()).length
  clock.advance(nextDigestAt(clock.now(), 'Asia/Seoul') - clock.now())
  await module.turns.digests()
  await module.turns.mails()
  return (await service.mails()).slice(before)
}

describe('the mail of what was missed', () => {
  it('comes in the morning to who wants it, with what is unread, and not when nothing is', async (t) => {
    const service = await startService(t)
    service.accounts.confirmed.add(JIWOO)
    const room = service.room(1, [MINSU, JIWOO, EMMA], 'group', '<b>동네</b> 모임')
    await service.tell(FriendRequestSent.make({ request_id: 1, from_user_id: EMMA, to_user_id: JIWOO }))
    await room.say(MINSU, '점심?')
    await room.say(MINSU, '저녁?')
    await service.handled()
    assert.deepEqual(await nextMorning(service), [], 'nobody wants one')
    await want(service, true)
    await service.tell(FriendRequestSent.make({ request_id: 2, from_user_id: MINSU, to_user_id: JIWOO }))
    await service.handled()
    const [mail, ...others] = await nextMorning(service)
    assert.deepEqual(others, [])
    assert.equal(mail!.header('subject'), '[BigTech Chat] 놓친 소식')
    for (const line of ['<b>동네</b> 모임: 2개', '민수님이 친구 요청을 보냈어요'])
      assert.ok(mail!.text.includes(line), mail!.text)
    assert.ok(!mail!.text.includes('Emma'), 'what the mail of a day before would have told')
    assert.ok(mail!.html.includes('&lt;b&gt;동네') && !mail!.html.includes('<b>'))
    await room.read(JIWOO)
    await service.handled()
    assert.deepEqual(await nextMorning(service), [], 'nothing was missed')
  })

  it('is ended by one request of a mail program, without signing in', async (t) => {
    const service = await startService(t)
    const room = service.room(1, [MINSU, JIWOO])
    await want(service, true)
    await room.say(MINSU, '점심?')
    assert.deepEqual(await nextMorning(service), [], 'the address is not confirmed')
    service.accounts.confirmed.add(JIWOO)
    const [mail] = await nextMorning(service)
    assert.equal(mail!.header('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
    const url = /^<https:\/\/chat\.example\.com\/api(\/notifications\/unsubscribe\?token=[\w-]+)>$/
    const [, path] = url.exec(mail!.header('list-unsubscribe')!)!
    assert.ok(mail!.text.includes(`https://chat.example.com/unsubscribe?token=${path!.split('=')[1]}`))
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const bodies = [form, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })].map((body) => new Response(body))
    const [inParts, inOne] = await Promise.all(
      bodies.map(async (body) => ({
        headers: { 'content-type': body.headers.get('content-type')! },
        payload: await body.text(),
      })),
    )
    const post = (where: string, body = inParts!) => service.app.inject({ method: 'POST', url: where, ...body })
    assert.equal((await post('/notifications/unsubscribe?token=none-of-ours')).statusCode, 204)
    assert.equal((await nextMorning(service)).length, 1)
    for (const body of [inParts, inOne]) assert.equal((await post(path!, body)).statusCode, 204)
    assert.deepEqual(await nextMorning(service), [])
    const settings = await service.call<{ digest: boolean }>(JIWOO, 'GET', '/notifications/settings')
    assert.equal(settings.body.digest, false)
  })
})
