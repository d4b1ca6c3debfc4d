import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestClock, eventually } from '@bigtech/testkit'
import { JIWOO, MINSU, spoken } from '../../ai-service.fixture.ts'
import { ended, entriesOf, get, heard, hold, idle, send, start } from './recordings.fixture.ts'

describe('when a process ends', () => {
  it('its recordings fail as interrupted, and who waits is answered; others go on', async (t) => {
    const here = await start(t, { owner: 'here' })
    const there = await start(t, { owner: 'there', beside: here })
    hold(here)
    const listening = await send(here, MINSU)
    await heard(here, 1)
    const waiting = await send(here, JIWOO)
    const direct = here.send(MINSU, '/transcribe', spoken(1))
    await eventually(async () => assert.match(await here.metrics.text(), /care_recordings_pending\S* 3\n/))
    const before = performance.now()
    await here.module.interrupt()
    assert.ok(performance.now() - before < 2_000)
    const answer = await direct
    assert.deepEqual([answer.status, answer.body.code], [503, 'RECORDING_INTERRUPTED'])
    assert.ok(Number(answer.headers['retry-after']) >= 1)
    for (const [who, { id }] of [
      [MINSU, listening],
      [JIWOO, waiting],
    ] as const) {
      // prettier-ignore
      const { state, error } = await get(there, who, id)
      assert.deepEqual([state, error!.code], ['failed', 'RECORDING_INTERRUPTED'])
    }
    assert.equal((await here.send(MINSU, '/care/recordings', spoken(1))).body.code, 'RECORDING_INTERRUPTED')
    const next = await send(there, MINSU)
    await ended(there, MINSU, next.id, 'done')
  })

  it('that was killed, its recordings fail when it starts anew', async (t) => {
    const killed = await start(t, { owner: 'here' })
    hold(killed)
    const { id } = await send(killed, MINSU)
    await heard(killed, 1)
    // The same name, as a process has after its restart; the killed one is only deaf here.
    const again = await start(t, { owner: 'here', beside: killed })
    const { error } = await ended(again, MINSU, id, 'failed')
    assert.equal(error!.code, 'RECORDING_INTERRUPTED')
  })

  it('without a word, others end its recordings after a while; what it says later changes nothing', async (t) => {
    // Its own clock stands still: what it says of its recordings is true until the same moment.
    const here = await start(t, { owner: 'here', clock: createTestClock() })
    const there = await start(t, { owner: 'there', beside: here, clock: createTestClock() })
    const letGo = hold(here)
    const { id } = await send(here, MINSU)
    await heard(here, 1)
    there.clock.advance(29_999)
    const other = await send(there, JIWOO)
    await ended(there, JIWOO, other.id, 'done')
    assert.equal((await get(there, MINSU, id)).state, 'listening')
    there.clock.advance(1)
    await ended(there, MINSU, id, 'failed')
    letGo()
    await idle(here)
    const { state, error } = await get(there, MINSU, id)
    assert.deepEqual([state, error!.code], ['failed', 'RECORDING_INTERRUPTED'])
    assert.deepEqual(await entriesOf(there, MINSU), [])
  })
})
