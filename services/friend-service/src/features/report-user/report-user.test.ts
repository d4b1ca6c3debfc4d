import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { JIWOO, MINSU, startService } from '../../friend-service.fixture.ts'

describe('POST /reports', () => {
  it('keeps what is a report, and nothing else that a body holds', async (t) => {
    const service = await startService(t)
    const extra = { id: 77, reporter_id: JIWOO, created_at: 1, '': {}, 'no column': [] }
    const body = { ...extra, user_id: JIWOO, reason: 'spam', note: '광고', message_ids: ['msg_1_2'] }
    assert.deepEqual(await service.call(MINSU, 'POST', '/reports', body), { status: 201, body: { id: 1 } })
    const [report] = await service.reports()
    assert.deepEqual(report, {
      id: 1,
      reporter_id: MINSU,
      user_id: JIWOO,
      reason: 'spam',
      note: '광고',
      message_ids: ['msg_1_2'],
      created_at: service.clock.now(),
      handled_by: null,
      handled_at: null,
    })
    assert.deepEqual(service.frames, [], 'they are not told')
  })

  it('not of messages that the reporter cannot read, which says no more than that', async (t) => {
    const service = await startService(t)
    service.messages.readable.delete('msg_1_3')
    const body = { user_id: JIWOO, reason: 'abuse', message_ids: ['msg_1_2', 'msg_1_3'] }
    const refused = await service.call<{ code: string }>(MINSU, 'POST', '/reports', body)
    assert.deepEqual([refused.status, refused.body.code], [404, 'REPORTED_MESSAGE_NOT_FOUND'])
    for (const id of ['12-345', 'msg_0_1', 'msg_01_1', 'msg_1_1/..'])
      assert.equal((await service.call(MINSU, 'POST', '/reports', { ...body, message_ids: [id] })).status, 422, id)
    assert.deepEqual(await service.reports(), [])
  })

  it('not about oneself or nobody, and not without end', async (t) => {
    const service = await startService(t)
    const report = async (user_id: number) =>
      (await service.call<{ code?: string }>(MINSU, 'POST', '/reports', { user_id, reason: 'abuse' })).body.code
    assert.deepEqual([await report(MINSU), await report(99)], ['SELF_REPORT', 'USER_NOT_FOUND'])
    const codes = []
    for (let n = 0; n < 31; n++) codes.push(await report(JIWOO))
    assert.deepEqual(codes, [...Array.from({ length: 30 }, () => undefined), 'TOO_MANY_REPORTS'])
    service.clock.advance(86_400_001)
    assert.equal(await report(JIWOO), undefined)
  })
})
