import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { JIWOO, MINSU, startService } from '../../ai-service.fixture.ts'
import { removeExpired } from '../remove-expired/remove-expired.ts'
import { ended, send, start } from '../hear-recording/recordings.fixture.ts'

type Export = {
  exported_at: string
  consents: { kind: string; given_at: string | null }[]
  recordings: { result: { transcript: string } | null }[]
  entries: { id: number; kind: string; text: string | null }[]
}
type Service = Awaited<ReturnType<typeof startService>>

async function exported(service: Service, who: number) {
  const answer = await service.app.inject({ url: '/care/export', headers: { authorization: `Bearer ${who}` } })
  assert.equal(answer.statusCode, 200)
  return { headers: answer.headers, body: answer.json<Export>() }
}

describe('what is held of somebody', () => {
  it('is handed out whole, as a file: theirs, and nobody else’s', async (t) => {
    const service = await start(t)
    await service.call(MINSU, 'POST', '/care/entries', { text: '남겨 둘 말 😀', keep_text: true })
    for (let n = 0; n < 120; n++) await service.call(MINSU, 'POST', '/care/moods', { mood: 3 })
    await service.call(JIWOO, 'POST', '/care/entries', { text: '남의 말', keep_text: true })
    const { id } = await send(service, MINSU)
    await service.published()
    const { headers, body } = await exported(service, MINSU)
    assert.match(String(headers['content-disposition']), /^attachment; filename="bigtech-care-user-1\.json"$/)
    assert.match(String(headers['content-type']), /^application\/json/)
    assert.deepEqual(Object.keys(body), [
      'exported_at',
      'consents',
      'recordings',
      'entries',
      'links',
      'reads',
      'notes',
      'alerts',
    ])
    assert.ok(body.consents[0]!.given_at)
    assert.equal(body.recordings.length, 1)
    assert.equal(new Set(body.entries.map((entry) => entry.id)).size, body.entries.length)
    assert.ok(body.entries.length >= 121)
    assert.equal(body.entries.at(-1)!.text, '남겨 둘 말 😀')
    assert.ok(!JSON.stringify(body).includes('남의 말'))
    await ended(service, MINSU, id, 'done')
  })

  it('has the transcript that waits to be fetched, which waits on', async (t) => {
    const service = await start(t)
    const { id } = await send(service, MINSU)
    await ended(service, MINSU, id, 'done')
    const transcripts = async () =>
      (await exported(service, MINSU)).body.recordings.map((one) => one.result?.transcript)
    assert.deepEqual(await transcripts(), ['요즘 잠이 안 오고 너무 우울해요'])
    service.clock.advance(60_000)
    assert.deepEqual(await transcripts(), [undefined])
  })

  it('is nothing for who has handed nothing in', async (t) => {
    const service = await startService(t)
    const { body } = await exported(service, MINSU)
    assert.deepEqual([body.recordings, body.entries, body.consents[0]!.given_at], [[], [], null])
  })
})

describe('what is kept', () => {
  it('is removed after 90 days, and what is told of a recording after a day', async (t) => {
    const service = await start(t)
    const { clock } = service
    const { entries, recordings } = service.world.database
    const { id } = await send(service, MINSU)
    await ended(service, MINSU, id, 'done')
    const count = async () => {
      await removeExpired({ entries, recordings, clock })
      const { body } = await exported(service, MINSU)
      return [body.entries.length, body.recordings.length]
    }
    clock.advance(86_400_000)
    assert.deepEqual(await count(), [1, 1])
    clock.advance(1)
    assert.deepEqual(await count(), [1, 0])
    await service.call(MINSU, 'POST', '/care/moods', { mood: 3 })
    clock.advance(89 * 86_400_000 - 2)
    assert.deepEqual(await count(), [2, 0])
    clock.advance(1)
    assert.deepEqual(await count(), [1, 0])
    // Not only hidden.
    const left = await entries.list({ user_id: MINSU, kind: undefined, before: undefined, limit: 5, now: 0 })
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['mood'],
    )
  })
})
