import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seqOf } from './ids.ts'

test('a message id names its place, and nothing else does', () => {
  assert.equal(seqOf('msg_12_345'), 345)
  for (const id of ['', 'msg_1', 'msg_1_', 'msg_1_2_3', 'xmsg_1_2', 'msg_1_-2', 'msg_a_2'])
    assert.equal(seqOf(id), undefined, id)
})
