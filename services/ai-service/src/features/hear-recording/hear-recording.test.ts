import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { UserClosed } from '@bigtech/user-service/contract'
import type { Static } from 'typebox'
import { JIWOO, MINSU, silent, spoken, startService } from '../../ai-service.fixture.ts'
import type { RecordingSchema } from '../../contract/recording-schemas.ts'
import { cancel, ended, entriesOf, get, heard, hold, idle, SAID, send, start } from './recordings.fixture.ts'

type Recording = Static<typeof RecordingSchema>
type Problem = { code: string }
type Service = Awaited<ReturnType<typeof startService>>

describe('a recording that is handed in', () => {
  it('is listened to meanwhile, by the real decoder too; the transcript is told, and only what was found is kept', async (t) => {
    const service = await startService(t)
    service.played.says = SAID
    await service.agree(MINSU)
    const letGo = hold(service)
    const { id, state, seconds } = await send(service, MINSU, 2)
    assert.deepEqual([state, seconds], ['queued', 2])
    await eventually(async () => {
      const { state: now, progress } = await get(service, MINSU, id)
      assert.equal(now, 'listening')
      assert.ok(progress > 0.4 && progress < 1)
    })
    letGo()
    const { result, entry_id, progress } = await ended(service, MINSU, id, 'done')
    assert.deepEqual([result!.transcript, progress], [SAID, 1])
    assert.ok(result!.evidence.length > 0)
    const [entry] = await entriesOf(service, MINSU)
    assert.deepEqual([entry!.id, entry!.kind, entry!.text, entry!.analysis!.evidence], [entry_id, 'voice', null, null])
    const told = JSON.stringify([await service.published(), service.log])
    for (const word of ['우울', '잠이']) assert.ok(!told.includes(word), word)
    assert.match(told, /"kind":"voice"/)
  })

  it('has its words kept for who asks for that', async (t) => {
    const service = await start(t)
    const { id } = await send(service, MINSU, 1, { keep_text: 'true' })
    await ended(service, MINSU, id, 'done')
    assert.equal((await entriesOf(service, MINSU))[0]!.text, SAID)
    const { status } = await service.send(MINSU, '/care/recordings', spoken(1), { keep_text: 'maybe' })
    assert.equal(status, 422)
  })

  it('has a transcript for an hour, or a minute from when it was fetched', async (t) => {
    const service = await start(t)
    const first = await send(service, MINSU)
    const second = await send(service, MINSU)
    await eventually(async () => assert.equal((await entriesOf(service, MINSU)).length, 2))
    const transcript = async ({ id }: Recording) => (await get(service, MINSU, id)).result?.transcript
    assert.equal(await transcript(first), SAID)
    service.clock.advance(59_999)
    assert.equal(await transcript(first), SAID)
    service.clock.advance(1)
    assert.equal(await transcript(first), undefined)
    service.clock.advance(3_540_000)
    assert.equal(await transcript(second), undefined)
    assert.equal((await entriesOf(service, MINSU)).length, 2)
  })

  it('in which nobody speaks is done, with nothing found', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const { body } = await service.send(MINSU, '/care/recordings', silent(1))
    const { id } = body as unknown as Recording
    const { result } = await ended(service, MINSU, id, 'done')
    assert.deepEqual([result!.transcript, result!.emotional_state], ['', '단서 없음'])
  })

  it('is refused before it waits: without consent, too long, no sound, in a language nobody knows', async (t) => {
    const service = await startService(t, { maxSeconds: 2 })
    const code = async (file: Uint8Array, fields: Record<string, string> = {}) => {
      const { status, body } = await service.send(MINSU, '/care/recordings', file, fields)
      return [status, body.code]
    }
    assert.deepEqual(await code(spoken(1)), [403, 'CONSENT_REQUIRED'])
    await service.agree(MINSU)
    assert.deepEqual(await code(spoken(3)), [413, 'AUDIO_TOO_LONG'])
    assert.deepEqual(await code(Buffer.from('이것은 소리가 아닙니다')), [400, 'AUDIO_FORMAT_UNKNOWN'])
    assert.deepEqual(await code(spoken(1), { language_code: 'xx-YY' }), [422, 'LANGUAGE_UNKNOWN'])
    const direct = await service.send(MINSU, '/transcribe', spoken(1), { language_code: 'xx-YY' })
    assert.deepEqual([direct.status, direct.body.code], [422, 'LANGUAGE_UNKNOWN'])
    service.played.state = 'no_model'
    assert.deepEqual(await code(spoken(1)), [503, 'NO_SPEECH_MODEL'])
    assert.deepEqual((await service.call(MINSU, 'GET', '/care/recordings')).body, { items: [], next_cursor: null })
    await idle(service)
  })

  it('is each person’s own', async (t) => {
    const service = await start(t)
    const { id } = await send(service, MINSU)
    for (const method of ['GET', 'DELETE'] as const) {
      const { status, body } = await service.call<Problem>(JIWOO, method, `/care/recordings/${id}`)
      assert.deepEqual([status, body.code], [404, 'RECORDING_NOT_FOUND'])
    }
    assert.deepEqual((await service.call<{ items: unknown[] }>(JIWOO, 'GET', '/care/recordings')).body.items, [])
    await ended(service, MINSU, id, 'done')
  })

  it('whose consent is taken back meanwhile fails and says why', async (t) => {
    const service = await start(t)
    const letGo = hold(service)
    const { id } = await send(service, MINSU)
    await heard(service, 1)
    await service.call(MINSU, 'DELETE', '/care/consents/analysis')
    letGo()
    const { error, entry_id } = await ended(service, MINSU, id, 'failed')
    assert.deepEqual([error!.code, entry_id], ['CONSENT_REQUIRED', null])
    assert.match(error!.title, /동의/)
    assert.deepEqual(await entriesOf(service, MINSU), [])
  })

  it('whose consent is taken back while it waits is not listened to at all', async (t) => {
    const service = await start(t)
    const letGo = hold(service)
    await send(service, JIWOO)
    await heard(service, 1)
    const { id } = await send(service, MINSU)
    await service.call(MINSU, 'DELETE', '/care/consents/analysis')
    letGo()
    const { error } = await ended(service, MINSU, id, 'failed')
    assert.equal(error!.code, 'CONSENT_REQUIRED')
    await idle(service)
    assert.equal(service.played.heard.length, 1)
  })

  it('of somebody whose account is closed, or who deletes all, is ended and leaves nothing', async (t) => {
    const service = await start(t)
    const letGo = hold(service)
    const first = await send(service, MINSU)
    const second = await send(service, JIWOO)
    await heard(service, 1)
    await service.bus.publish([UserClosed.make({ user_id: MINSU, saga_id: 's' })])
    await heard(service, 2)
    assert.equal((await service.call(JIWOO, 'DELETE', '/care/entries')).status, 204)
    letGo()
    await idle(service)
    for (const [who, { id }] of [
      [MINSU, first],
      [JIWOO, second],
    ] as const) {
      // prettier-ignore
      assert.equal((await service.call(who, 'GET', `/care/recordings/${id}`)).status, 404)
      assert.deepEqual(await entriesOf(service, who), [])
    }
    const types = (await service.published()).map(({ value }) => value.event_type)
    assert.deepEqual([...new Set(types)].toSorted(), ['CareConsentChanged', 'CareDataErased'])
  })
})

describe('the queue of recordings', () => {
  it('is in the order of their coming, and says how many are before', async (t) => {
    const service = await start(t)
    const letGo = hold(service)
    const sent = []
    for (const [who, seconds] of [
      [MINSU, 1],
      [JIWOO, 2],
      [MINSU, 3],
    ] as const)
      // prettier-ignore
      sent.push({ who, ...(await send(service, who, seconds)) })
    await heard(service, 1)
    assert.deepEqual(await Promise.all(sent.map(async ({ who, id }) => (await get(service, who, id)).ahead)), [0, 1, 2])
    letGo()
    for (const { who, id } of sent) await ended(service, who, id, 'done')
    assert.deepEqual(
      service.played.heard.map((samples) => samples / 16_000),
      [1, 2, 3],
    )
  })

  const pair = async (t: TestContext): Promise<[Service, Service]> => {
    const here = await start(t, { owner: 'here' })
    return [here, await start(t, { owner: 'there', beside: here })]
  }

  it('of one person goes on where their earlier one ends at another process', async (t) => {
    const [here, there] = await pair(t)
    const letGo = hold(here)
    const first = await send(here, MINSU)
    await heard(here, 1)
    const second = await send(there, MINSU)
    const others = await send(there, JIWOO)
    await ended(there, JIWOO, others.id, 'done')
    assert.equal((await get(there, MINSU, second.id)).state, 'queued')
    letGo()
    await ended(there, MINSU, first.id, 'done')
    await ended(here, MINSU, second.id, 'done')
    const kept = (await entriesOf(here, MINSU)).map(({ id }) => id)
    assert.deepEqual(kept, [(await get(here, MINSU, second.id)).entry_id, (await get(here, MINSU, first.id)).entry_id])
  })

  it('is left by what is cancelled, while it waits and while it is listened to, at any process', async (t) => {
    const [here, there] = await pair(t)
    const letGo = hold(here)
    const ids = []
    for (let n = 0; n < 3; n++) ids.push((await send(here, MINSU)).id)
    await heard(here, 1)
    assert.equal((await cancel(here, MINSU, ids[1]!)).status, 204)
    assert.equal((await cancel(there, MINSU, ids[0]!)).status, 204)
    // Its turn is over, though nothing let it go.
    await heard(here, 2)
    letGo()
    await ended(here, MINSU, ids[2]!, 'done')
    const states = await Promise.all(ids.map(async (id) => (await get(here, MINSU, id)).state))
    assert.deepEqual(states, ['cancelled', 'cancelled', 'done'])
    assert.equal((await cancel(here, MINSU, ids[2]!)).status, 204)
    assert.equal((await cancel(here, MINSU, ids[2]!)).status, 404, 'it is forgotten')
    assert.equal((await entriesOf(here, MINSU)).length, 1)
    await idle(here)
  })

  it('takes so many, then says when there should be room; all that were taken are listened to', async (t) => {
    const service = await start(t, { places: { ofOne: 1_000 } })
    const letGo = hold(service)
    const ids = []
    for (let n = 0; n < 100; n++) ids.push((await send(service, n % 2 ? MINSU : JIWOO)).id)
    const { status, body, headers } = await service.send(MINSU, '/care/recordings', spoken(1))
    assert.deepEqual([status, body.code], [503, 'SPEECH_BUSY'])
    assert.equal(headers['retry-after'], '50', '100 s of sound, a second in half a second')
    letGo()
    await ended(service, MINSU, ids[99]!, 'done')
    await idle(service)
    assert.equal(service.played.heard.length, 100)
    const voices = (await service.published()).filter(({ value }) => value['kind'] === 'voice')
    assert.equal(new Set(voices.map(({ value }) => value['entry_id'])).size, 100)
  })

  it('takes so many seconds of sound; one that is longer than all is taken alone', async (t) => {
    const service = await start(t, { places: { seconds: 10 } })
    const letGo = hold(service)
    const long = await send(service, MINSU, 12)
    assert.equal((await service.send(MINSU, '/care/recordings', spoken(1))).status, 503)
    assert.equal((await service.send(MINSU, '/transcribe', spoken(1))).status, 503)
    letGo()
    await ended(service, MINSU, long.id, 'done')
    await idle(service)
    const next = await send(service, MINSU, 9)
    await ended(service, MINSU, next.id, 'done')
  })
})
