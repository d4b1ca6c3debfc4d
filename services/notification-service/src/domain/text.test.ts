import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTE_KINDS } from '../contract/kinds.ts'
import { noteLink, noteText } from './text.ts'

test('each kind has its words, of one and of several, in both languages', () => {
  const note = (kind: (typeof NOTE_KINDS)[number], actor_count = 1) => ({ kind, actor_count, detail: '' })
  const words = NOTE_KINDS.flatMap((kind) => [noteText(note(kind), '민수', 'ko'), noteText(note(kind), 'Minsu', 'en')])
  assert.equal(new Set(words).size, 2 * NOTE_KINDS.length)
  assert.equal(noteText(note('reply', 3), '민수', 'ko'), '민수님 외 2명이 내 메시지에 답장했어요')
  assert.equal(noteText(note('reply', 2), 'Minsu', 'en'), 'Minsu and 1 other replied to you')
  assert.equal(noteText(note('mention'), '', 'ko'), '누군가님이 나를 언급했어요')
})

test('a note leads to where it can be seen', () => {
  assert.equal(noteLink({ kind: 'reply', room_id: 3, seq: 4 }), '/rooms/3?at=4')
  assert.equal(noteLink({ kind: 'invited', room_id: 3, seq: null }), '/rooms/3')
  assert.equal(noteLink({ kind: 'friend_request', room_id: null, seq: null }), '/friends')
  assert.equal(noteLink({ kind: 'care_renewal', room_id: null, seq: null }), '/settings/care')
  assert.equal(noteLink({ kind: 'new_device', room_id: null, seq: null }), '/settings/devices')
})
