import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf, rendezvous } from './rendezvous.ts'

const owners = (nodes: readonly string[]) => Array.from({ length: 300 }, (_, p) => rendezvous(p, nodes))

test('everybody finds the same owner, whatever order they know the nodes in', () => {
  assert.deepEqual(owners(['a', 'b', 'c']), owners(['c', 'a', 'b']))
  assert.equal(rendezvous(1, []), undefined)
})

test('partitions are shared out about evenly', () => {
  for (const nodes of [
    ['chat-1', 'chat-2', 'chat-3'],
    ['a', 'b', 'c'],
  ]) {
    const found = owners(nodes)
    for (const node of nodes) {
      const share = found.filter((owner) => owner === node).length
      assert.ok(share > 70 && share < 130, `${node} has ${share} of 300`)
    }
  }
})

test('when a node goes, only its partitions move', () => {
  const before = owners(['a', 'b', 'c'])
  for (const [p, owner] of owners(['a', 'b']).entries()) if (before[p] !== 'c') assert.equal(owner, before[p])
})

test('a process has the name of its node', () => {
  assert.equal(nameOf('chat#1#4f2a'), 'chat#1')
})
