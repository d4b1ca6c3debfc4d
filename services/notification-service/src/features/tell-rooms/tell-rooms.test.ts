import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

const HOUR_MS = 3_600_000

describe('new messages', () => {
  it('are told to the devices of who is away, not to the author, nor to who reads or looks', async (t) => {
    const service = await startService(t)
    await service.device(MINSU, 'minsu-phone')
    await service.device(JIWOO, 'jiwoo-phone')
    await service.device(JIWOO, 'jiwoo-laptop')
    await service.device(EMMA, 'emma-phone')
    const room = service.room(1, [MINSU, JIWOO, EMMA])
    room.change(EMMA, { focused: true })
    await room.say(MINSU, '저녁 먹었어?')
    const pushed = await service.arrived()
    assert.deepEqual(pushed.map(({ device }) => device).sort(), ['jiwoo-laptop', 'jiwoo-phone'])
    const [{ payload, urgency }] = pushed as [(typeof pushed)[0]]
    assert.deepEqual(
      [payload.title, payload.body, payload.link, payload.tag, payload.silent, urgency],
      ['동네 모임', '민수: 저녁 먹었어?', '/rooms/1?at=1', 'room:1', false, 'high'],
    )
  })

  it('are not told when they were read in the two seconds after', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO])
    await room.say(MINSU, '안녕')
    await service.handled()
    await room.read(JIWOO)
    assert.deepEqual(await service.arrived(), [])
  })

  it('of a busy room are one notification, the latest; a read takes it off the devices, and what is said then is told', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO], 'direct', null)
    for (const text of ['하나', '둘', '셋']) await room.say(MINSU, text)
    const [first, ...others] = await service.arrived()
    assert.deepEqual([first!.payload.title, first!.payload.body, others.length], ['민수', '셋', 0])
    await room.say(MINSU, '넷')
    const [second] = await service.arrived(4_000)
    assert.deepEqual([second!.payload.body, second!.topic], ['넷', first!.topic])
    await room.read(JIWOO)
    const [close, ...more] = await service.arrived(0)
    assert.deepEqual([close!.payload.kind, close!.payload.tag, more.length], ['close', 'room:1', 0])
    await room.say(MINSU, '다섯')
    assert.deepEqual(
      (await service.arrived(4_000)).map(({ payload }) => payload.body),
      ['다섯'],
    )
  })

  it('that are read elsewhere are taken off a device some times a day, then no more until it subscribes anew', async (t) => {
    const service = await startService(t)
    const phone = await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO], 'direct', null)
    const closedOf = async (turns: number) => {
      let closed = 0
      for (let i = 0; i < turns; i++) {
        await room.say(MINSU, `${i}`)
        await service.arrived(4_000)
        await room.read(JIWOO)
        closed += (await service.arrived(0)).filter(({ payload }) => payload.kind === 'close').length
      }
      return closed
    }
    assert.equal(await closedOf(7), 5)
    const { endpoint, keys } = phone
    await service.call(JIWOO, 'PUT', '/notifications/subscriptions', { endpoint, keys, device: 'phone' })
    assert.equal(await closedOf(1), 1)
    await room.say(MINSU, '오래')
    await service.arrived(4_000)
    service.clock.advance(3_600_001)
    await room.read(JIWOO)
    assert.deepEqual(await service.arrived(0), [])
  })

  it('are told once, however often their events come', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO])
    await room.say(MINSU, '하나')
    await room.say(MINSU, '둘')
    assert.equal((await service.arrived()).length, 1)
    const again = (await service.bus.admin.topics()).find(({ name }) => name === 'message.events')!
    for (let partition = 0; partition < again.partitions.length; partition++) {
      const records = await service.bus.admin.read({ topic: 'message.events', partition, offset: 0, limit: 100 })
      await service.tell(...records)
    }
    assert.deepEqual(await service.arrived(10_000), [])
  })

  it('come as their person wants them: muted, only calls, nothing, in quiet hours, without words, in English', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    await service.device(EMMA, 'emma', 'en')
    const room = service.room(1, [MINSU, JIWOO, EMMA])
    const said = async (text: string, more = {}) => {
      await room.say(MINSU, text, more)
      const pushed = await service.arrived(5_000)
      return Object.fromEntries(pushed.map(({ device, payload: { title, body } }) => [device, `${title} | ${body}`]))
    }
    room.change(EMMA, { notify: 'none' })
    room.change(JIWOO, { muted_until: service.clock.now() + HOUR_MS })
    assert.deepEqual(await said('조용한 방'), {})
    assert.deepEqual(await said('@지우 봐', { mentions: [JIWOO, EMMA] }), {
      phone: '민수님이 나를 언급했어요 | 동네 모임 · @지우 봐',
    })
    room.change(EMMA, { notify: 'mentions' })
    assert.deepEqual(await said('답장', { reply_to_user_id: EMMA }), { emma: '민수 replied to you | 동네 모임 · 답장' })
    room.change(JIWOO, { muted_until: null })
    await service.call(JIWOO, 'PUT', '/notifications/settings', { show_text: false })
    assert.deepEqual(await said('비밀'), { phone: '동네 모임 | 새 메시지' })
    const quiet_hours = { from: '00:00', to: '00:00', time_zone: 'Asia/Seoul' }
    await service.call(JIWOO, 'PUT', '/notifications/settings', { quiet_hours })
    assert.deepEqual(await said('밤입니다', { mentions_everyone: true }), {
      emma: '민수 mentioned you | 동네 모임 · 밤입니다',
    })
    const kinds = { mention: { push: false }, message: { push: false } }
    await service.call(EMMA, 'PUT', '/notifications/settings', { kinds })
    assert.deepEqual(await said('@Emma', { mentions: [EMMA] }), {})
  })

  it('of somebody who is blocked are not told', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO, EMMA])
    await service.database.people.block({ event_id: 'b', now: 1, user_id: JIWOO, other: MINSU, on: true })
    await room.say(MINSU, '차단된 말')
    assert.deepEqual(await service.arrived(), [])
    await room.say(EMMA, '다른 말')
    assert.deepEqual(
      (await service.arrived(4_000)).map(({ payload }) => payload.body),
      ['Emma: 다른 말'],
    )
  })

  it('wait for chat-service when it does not answer', async (t) => {
    const service = await startService(t)
    await service.device(JIWOO, 'phone')
    const room = service.room(1, [MINSU, JIWOO])
    service.chat.isDown = true
    await room.say(MINSU, '안녕')
    await service.handled()
    service.clock.advance(60_000)
    service.chat.isDown = false
    assert.equal((await service.arrived(60_000)).length, 1)
  })
})
