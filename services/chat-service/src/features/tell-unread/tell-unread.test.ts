import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isoTime } from '@bigtech/kernel'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'

it('what somebody has not read is told by room, without those they want to hear nothing of', async (t) => {
  const { module, ...service } = await startService(t)
  const direct = await service.direct(MINSU, JIWOO)
  const group = await service.group(MINSU, EMMA, JIWOO)
  const muted = await service.group(EMMA, JIWOO)
  await service.call(JIWOO, 'PUT', `/chat-rooms/${muted.id}/mute`)
  await service.say(EMMA, muted.id, '조용히')
  await service.say(MINSU, direct.id, '하나')
  await service.say(MINSU, direct.id, '둘')
  const before = (await module.unread(JIWOO, 0)).rooms.find(({ id }) => id === group.id)?.unread_count ?? 0
  await service.say(EMMA, group.id, '셋')
  const { rooms } = await module.unread(JIWOO, 0)
  assert.deepEqual(rooms.slice(0, 2), [
    { id: group.id, name: '모임', unread_count: before + 1 },
    { id: direct.id, name: '민수', unread_count: 2 },
  ])
  assert.ok(rooms.every(({ id }) => id !== muted.id))
  assert.deepEqual(await module.unread(99, 0), { rooms: [] })
  const muted_until = isoTime(service.clock.now() + 60_000)
  await service.call(JIWOO, 'PUT', `/chat-rooms/${group.id}/settings`, { notify: 'all', muted_until })
  assert.deepEqual(
    (await module.unread(JIWOO, 0)).rooms.map(({ id }) => id),
    [direct.id],
  )
  assert.deepEqual(await module.unread(JIWOO, service.clock.now()), { rooms: [] }, 'nothing came since')
})
