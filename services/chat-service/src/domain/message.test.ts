import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decideChange, DEFAULT_LIMITS, systemText, type Actor, type MessageChange, type MessageRow } from './message.ts'
import { row } from './message.fixture.ts'

const author: Actor = { user_id: 1, role: 'member', room_type: 'group' }
const other: Actor = { user_id: 2, role: 'member', room_type: 'group' }
const admin: Actor = { user_id: 3, role: 'admin', room_type: 'group' }
const edit: MessageChange = { kind: 'edit', content: '고침' }
const remove: MessageChange = { kind: 'delete' }
const like: MessageChange = { kind: 'react', emoji: '👍' }
const unlike: MessageChange = { kind: 'unreact', emoji: '👍' }
const deleted: MessageRow = { ...row, content: '', deleted_at: 9 }
const crowded: MessageRow = {
  ...row,
  reactions: Object.fromEntries(Array.from({ length: DEFAULT_LIMITS.reactions }, (_, i) => [`e${i}`, [9]])),
}

const outcome = (of: MessageRow, change: MessageChange, actor: Actor) => {
  const decision = decideChange(of, change, actor, 100)
  return decision.outcome === 'refused' ? decision.code : decision.outcome
}

describe('decideChange', () => {
  const table: [string, MessageRow, MessageChange, Actor, string][] = [
    ['author edits', row, edit, author, 'changed'],
    ['author edits to the same', row, { kind: 'edit', content: '안녕' }, author, 'unchanged'],
    ['another edits', row, edit, other, 'NOT_YOUR_MESSAGE'],
    ['an admin edits', row, edit, admin, 'NOT_YOUR_MESSAGE'],
    ['an image is edited', { ...row, message_type: 'image' }, edit, author, 'NOT_EDITABLE'],
    ['a deleted one is edited', deleted, edit, author, 'MESSAGE_DELETED'],
    ['author deletes', row, remove, author, 'changed'],
    ['another deletes', row, remove, other, 'NOT_YOUR_MESSAGE'],
    ['an admin deletes', row, remove, admin, 'changed'],
    ['nobody is admin of a direct room', row, remove, { ...admin, room_type: 'direct' }, 'NOT_YOUR_MESSAGE'],
    ['deleted twice', deleted, remove, author, 'unchanged'],
    ['reacts', row, like, other, 'changed'],
    ['reacts twice', { ...row, reactions: { '👍': [2] } }, like, other, 'unchanged'],
    ['reacts with one kind too many', crowded, like, other, 'TOO_MANY_REACTIONS'],
    ['joins a kind that is there', crowded, { kind: 'react', emoji: 'e0' }, other, 'changed'],
    ['reacts to a deleted one', deleted, like, other, 'MESSAGE_DELETED'],
    ['takes back what is not there', row, unlike, other, 'unchanged'],
    ['pins', row, { kind: 'pin' }, other, 'changed'],
    ['pins a pinned one', { ...row, pinned_at: 1, pinned_by: 1 }, { kind: 'pin' }, other, 'unchanged'],
    ['unpins what is not pinned', row, { kind: 'unpin' }, other, 'unchanged'],
    ['touches a system message', { ...row, message_type: 'system' }, like, other, 'SYSTEM_MESSAGE'],
  ]
  for (const [name, of, change, actor, expected] of table)
    it(name, () => assert.equal(outcome(of, change, actor), expected))

  it('leaves nothing of a deleted message but its place', () => {
    const full: MessageRow = { ...row, reactions: { '👍': [2] }, pinned_at: 1, pinned_by: 2 }
    const decision = decideChange(full, remove, author, 100)
    assert.ok(decision.outcome === 'changed')
    const { content, file, reactions, pinned_at, deleted_at, seq } = decision.row
    assert.deepEqual(
      { content, file, reactions, pinned_at, deleted_at, seq },
      { content: '', file: null, reactions: {}, pinned_at: null, deleted_at: 100, seq: 5 },
    )
  })

  it('removes a kind of reaction with its last user', () => {
    const decision = decideChange({ ...row, reactions: { '👍': [2], '❤️': [1, 2] } }, unlike, other, 1)
    assert.ok(decision.outcome === 'changed')
    assert.deepEqual(decision.row.reactions, { '❤️': [1, 2] })
  })
})

it('system messages read as Korean sentences', () => {
  const names = (id: number) => ['', '민수', '지우', '하늘'][id] ?? `#${id}`
  const say = (event: Parameters<typeof systemText>[0]) => systemText(event, names, 1)
  assert.equal(say({ kind: 'room_created', user_ids: [1, 2] }), '민수님이 채팅방을 만들었습니다')
  assert.equal(say({ kind: 'member_joined', user_ids: [2, 3], via: 'added' }), '민수님이 지우, 하늘님을 초대했습니다')
  assert.equal(say({ kind: 'member_joined', user_ids: [2], via: 'invite' }), '지우님이 들어왔습니다')
  assert.equal(say({ kind: 'member_left', user_ids: [2], via: 'left', new_owner: null }), '지우님이 나갔습니다')
  assert.equal(
    say({ kind: 'member_joined', user_ids: [2, 3, 4, 5, 6, 7, 8], via: 'added' }),
    '민수님이 지우, 하늘, #4, #5, #6 외 2명님을 초대했습니다',
  )
  assert.equal(say({ kind: 'room_renamed', name: '주말 등산' }), "민수님이 채팅방 이름을 '주말 등산'으로 바꿨습니다")
  assert.equal(say({ kind: 'room_renamed', name: '회의' }), "민수님이 채팅방 이름을 '회의'로 바꿨습니다")
  assert.equal(say({ kind: 'role_changed', user_ids: [2], role: 'admin' }), '지우님의 권한이 관리자로 바뀌었습니다')
  assert.equal(say({ kind: 'role_changed', user_ids: [2], role: 'owner' }), '지우님의 권한이 방장으로 바뀌었습니다')
})
