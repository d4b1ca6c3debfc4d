import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'
import { openStream, type Frame } from '../../stream.fixture.ts'

const isReplayed = ({ type }: Frame) => type === 'replayed'
/** What a stream sends between its greeting and the end of the replay. */
const replayOf = (frames: readonly Frame[]) => frames.slice(1, frames.findIndex(isReplayed))
const textsOf = (frame: Frame) => (frame['messages'] as MessageView[]).map(({ content }) => content)

describe('a stream that is resumed', () => {
  it('gets all it missed, each once and as it is now, before anything live', async (t) => {
    const service = await startService(t)
    const room = await service.group(MINSU, JIWOO, EMMA)
    const left = await service.group(MINSU, JIWOO)
    const quiet = await service.group(MINSU, JIWOO)
    const kept = await service.say(MINSU, room.id, '먼저')
    const stream = await openStream(t, service, JIWOO)
    await stream.close()

    const one = await service.say(MINSU, room.id, '하나')
    await service.say(MINSU, room.id, '둘')
    await service.call(MINSU, 'PATCH', `/messages/${room.id}/${one.id}`, { content: '하나!' })
    await service.call(MINSU, 'PUT', `/messages/${room.id}/${kept.id}/reactions/${encodeURIComponent('👍')}`)
    await service.call(EMMA, 'POST', `/chat-rooms/${room.id}/read`, { seq: one.seq })
    await service.call(MINSU, 'DELETE', `/chat-rooms/${left.id}/members/${JIWOO}`)
    const fresh = await service.group(HARIN, JIWOO)
    await service.say(HARIN, fresh.id, '어서 와')

    const resumed = await openStream(t, service, JIWOO, stream.token())
    await resumed.frame(isReplayed)
    await service.say(MINSU, room.id, '이제')
    await resumed.frame(({ type }) => type === 'message')
    const replayed = replayOf(resumed.frames)
    assert.deepEqual(
      replayed.filter(({ type }) => type !== 'changes').map(({ type, room_id }) => [type, room_id]),
      [
        ['room_left', left.id],
        ['room_joined', fresh.id],
      ],
    )
    const changes = new Map(replayed.filter(({ type }) => type === 'changes').map((one) => [one['room_id'], one]))
    assert.deepEqual(
      [...changes.keys()].toSorted((a, b) => Number(a) - Number(b)),
      [room.id, fresh.id],
    )
    assert.ok(!changes.has(quiet.id))
    assert.deepEqual(textsOf(changes.get(room.id)!), ['먼저', '하나!', '둘'])
    assert.equal((changes.get(room.id)!['messages'] as MessageView[])[0]!.reactions.length, 1)
    const reads = changes.get(room.id)!['reads'] as { user_id: number; read_seq: number }[]
    assert.equal(reads.find(({ user_id }) => user_id === EMMA)?.read_seq, one.seq)
    assert.deepEqual(textsOf(changes.get(fresh.id)!), ['하린님이 채팅방을 만들었습니다', '어서 와'])
    // Complete: what comes next follows the head of the replay.
    const live = resumed.frames.find(({ type }) => type === 'message')!
    assert.equal(live['rev'], (changes.get(room.id)!['to_rev'] as number) + 1)
    assert.ok(resumed.frames.indexOf(live) > resumed.frames.findIndex(isReplayed))
  })

  it('goes on from where its replay ended: nothing is missed twice', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const stream = await openStream(t, service, JIWOO)
    await service.say(MINSU, id, '하나')
    await stream.frame(({ type }) => type === 'message')
    await stream.close()
    await service.say(MINSU, id, '둘')
    const second = await openStream(t, service, JIWOO, stream.token())
    await second.frame(isReplayed)
    assert.deepEqual(replayOf(second.frames).map(textsOf), [['둘']])
    await second.close()
    const third = await openStream(t, service, JIWOO, second.token())
    await third.frame(isReplayed)
    assert.deepEqual(replayOf(third.frames), [])
  })

  it('is told where it must load anew: of another database, and where too much was missed', async (t) => {
    const service = await startService(t)
    const busy = await service.direct(MINSU, JIWOO)
    const calm = await service.direct(EMMA, JIWOO)
    const stream = await openStream(t, service, JIWOO)
    await stream.close()
    await Promise.all(Array.from({ length: 501 }, (_, i) => service.say(MINSU, busy.id, `${i}`)))
    await service.say(EMMA, calm.id, '안녕')
    const resumed = await openStream(t, service, JIWOO, stream.token())
    await resumed.frame(isReplayed)
    assert.deepEqual(
      replayOf(resumed.frames).map(({ type, room_id, reason }) => [type, room_id, reason]),
      [
        ['resync_required', busy.id, 'too_much_missed'],
        ['changes', calm.id, undefined],
      ],
    )

    for (const token of ['another.1', 'damaged', `${stream.token().split('.')[0]}.zzzzzz`]) {
      const lost = await openStream(t, service, JIWOO, token)
      const resync = await lost.frame(({ type }) => type === 'resync_required')
      assert.deepEqual([resync['room_id'], resync['reason']], [null, 'unknown_token'], token)
      await lost.close()
    }
    // Live all the same, and its new place is good.
    const live = await openStream(t, service, JIWOO, 'another.1')
    const said = await service.say(EMMA, calm.id, '이제')
    await live.frame((frame) => frame.type === 'message' && (frame['message'] as MessageView).id === said.id)
  })
})
