import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Overview, RebuildState, UserStatistics } from '@bigtech/analytics-service/contract'
import { eventually } from '@bigtech/testkit'
import { openDirect, PASSWORD, register, registerAdmin, startTestServer } from '../support/index.ts'

const system = await startTestServer({ after })

describe('statistics', () => {
  it('follow what people do, are the same after a rebuild, and forget who goes', async () => {
    const admin = await registerAdmin(system)
    const [one, other] = [await register(system.urls, '통계'), await register(system.urls, '상대')]
    const room = await openDirect(one, other)
    for (const text of ['하나', '둘', '셋']) await one.say(room.id, text)
    await other.say(room.id, '넷')
    const overview = () => admin.get<Overview>('/analytics/overview')
    await eventually(async () => {
      const { range } = await overview()
      assert.deepEqual([range.messages, range.new_accounts, range.active_rooms], [4, 3, 1])
    })
    const before = await overview()
    await admin.post('/analytics/rebuild', {})
    await eventually(async () => assert.equal((await admin.get<RebuildState>('/analytics/rebuild')).state, 'done'))
    assert.deepEqual((await overview()).range, before.range)

    await other.del('/users/me', { password: PASSWORD })
    await eventually(async () => assert.equal((await overview()).range.closed_accounts, 1))
    assert.equal((await overview()).range.messages, 4)
    const { funnel } = await admin.get<UserStatistics>('/analytics/users')
    assert.deepEqual([funnel.registered, funnel.wrote], [3, 2])
  })
})
