import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { asAttempt } from '@bigtech/kernel'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatEventsContract } from '../chat-events.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { change, text } from '../chat-store.fixture.ts'
import type { ChatCommand } from './commands.ts'
import { openProcesses } from './store.fixture.ts'

for (const [name, processes] of [
  ['partition log, one process', ['a#1']],
  ['partition log, two processes', ['a#1', 'b#1']],
] as const) {
  chatStoreContract(name, (t) => openProcesses(t, processes))
  chatConsentContract(name, (t) => openProcesses(t, processes))
  chatFeedContract(name, (t) => openProcesses(t, processes))
  chatSenderContract(name, (t) => openProcesses(t, processes))
  chatListContract(name, (t) => openProcesses(t, processes))
  chatEventsContract(name, (t) => openProcesses(t, processes))
}

const forgetful = (t: TestContext) => openProcesses(t, ['a#1', 'b#1'], { kept: { rooms: 1, rows: 1 } })
chatStoreContract('partition log, nothing kept that need not be', forgetful)
chatFeedContract('partition log, nothing kept that need not be', forgetful)

test('a command whose answer was lost is answered by the next owner, and not carried out again', async (t) => {
  const { all, messages, rooms } = await openProcesses(t, ['a#1', 'b#1'])
  const [first, second] = [all[0]!, all[1]!]
  const made = await rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] })
  assert.ok(typeof made === 'object')
  const { room_id } = made
  const p = room_id % first.node.status().length
  const commands: [key: string, ChatCommand][] = [
    ['rename', { kind: 'rename', asks: { ...change(1), room_id, name: '새 이름' } }],
    ['send', { kind: 'append', asks: text(room_id, 2, '안녕') }],
    ['leave', { kind: 'removeMember', asks: { ...change(2), room_id, user_id: 2, via: 'left' } }],
    ['add', { kind: 'addMembers', asks: { ...change(1), room_id, user_ids: [2, 3], via: 'added', limit: 9 } }],
  ]
  const answers = []
  for (const [key, body] of commands) answers.push(await first.node.submit(p, { key, body }))
  assert.deepEqual(answers.at(-1), { added: [3], invited: [2] })
  const owner = all.find(({ node }) => node.status()[p]!.owner?.isServing)!
  const other = owner === first ? second : first
  const before = await messages.changes({ room_id, since_rev: 0, limit: 100 })
  await owner.share.leave()
  for (const [i, [key, body]] of commands.entries())
    assert.deepEqual(await other.node.submit(p, { key, body }), answers[i])
  assert.deepEqual(await messages.changes({ room_id, since_rev: 0, limit: 100 }), before)
})

test('what is attempted again after others changed it is answered as it was then, and has effect once', async (t) => {
  const { messages, rooms } = await openProcesses(t, ['a#1', 'b#1'])
  const made = await rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] })
  assert.ok(typeof made === 'object')
  const { room_id } = made
  const sent = await messages.append(text(room_id, 1, '처음'))
  assert.ok(typeof sent === 'object')
  const { seq } = sent.row
  const actor = { user_id: 1, role: 'owner', room_type: 'group' } as const
  const edit = (content: string) =>
    messages.change({ ...change(1), room_id, seq, change: { kind: 'edit', content }, actor })
  const first = await asAttempt('a', () => edit('고침'))
  const other = await asAttempt('b', () => edit('다시 고침'))
  assert.deepEqual(await asAttempt('a', () => edit('고침')), first)
  assert.ok('row' in other)
  assert.deepEqual(await messages.get(room_id, seq), other.row)
})

test('a command for a room of another partition is not carried out: it would be found by nobody', async (t) => {
  const { all, rooms } = await openProcesses(t, ['a#1'])
  const made = await rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] })
  assert.ok(typeof made === 'object')
  const { room_id } = made
  const [{ node, share }] = all as [(typeof all)[number]]
  const right = room_id % node.status().length
  const ask = (p: number) => {
    const body: ChatCommand = { kind: 'append', asks: text(room_id, 1, '안녕') }
    return share.handle(p, node.status()[p]!.owner!.term, [{ key: `k${p}`, call: `c${p}`, body }])
  }
  const wrong = (right + 1) % node.status().length
  assert.deepEqual(await ask(wrong), [
    { failed: `room ${room_id} is not of partition ${wrong} of ${node.status().length}` },
  ])
  const [answer] = (await ask(right)) as [{ answer: { row: { content: string } } }]
  assert.equal(answer.answer.row.content, '안녕')
  assert.deepEqual(await share.handle(right, node.status()[right]!.owner!.term, []), [])
})

test('a group that is asked for again by the same request is there once', async (t) => {
  const { rooms } = await openProcesses(t, ['a#1', 'b#1'])
  const ask = () => asAttempt('a', () => rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] }))
  const made = await ask()
  assert.ok(typeof made === 'object')
  assert.deepEqual(await ask(), made)
  assert.equal((await rooms.roomIdsOf(1)).length, 1)
})
