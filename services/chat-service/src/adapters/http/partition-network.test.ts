import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { createServiceTokens } from '@bigtech/http'
import type { Command } from '@bigtech/partition-log'
import type { PartitionShare } from '../../ports.ts'
import { openPartitionHost } from './partition-host.fixture.ts'
import { createPartitionNetwork } from './partition-network.ts'

type Say = { kind: 'say'; asks: { room_id: number; text: string } }
type Texts = { body: never; command: Say; answer: string; state: never }
const secret = 'a secret of at least 32 characters'

/** A process that answers each command with its text, and one that asks it. */
async function open(t: TestContext, handle?: PartitionShare['handle']) {
  const asked: { p: number; term: number; count: number }[] = []
  const answerAll: PartitionShare['handle'] = async (p, term, commands) => {
    asked.push({ p, term, count: commands.length })
    return commands.map((command) => ({ answer: (command as Command<Texts>).body.asks.text }))
  }
  const { app, address } = await openPartitionHost(t, { node: 'a#1', secret, handle: handle ?? answerAll })
  const tokens = createServiceTokens({ service: 'chat-service', secrets: [secret] })
  const network = createPartitionNetwork<Texts>({
    addressOf: async (node) => (node === 'a#1' ? address : undefined),
    headers: () => ({ authorization: tokens.authorization('chat-service') }),
  })
  return { app, asked, network, address }
}

const commands = (count: number, text = '안녕'): Command<Texts>[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `k${i}`,
    call: `c${i}`,
    body: { kind: 'say', asks: { room_id: 1, text: `${i} ${text}` } },
  }))

suite('from process to process', () => {
  test('more than fit into a request arrive in their order all the same', async (t) => {
    const arrived: string[] = []
    const { network } = await open(t, async (_p, _term, those) => {
      // The first portion takes longest.
      await new Promise((resolve) => setTimeout(resolve, arrived.length === 0 ? 30 : 0))
      for (const command of those) arrived.push((command as Command<Texts>).key)
      return those.map(() => ({ answer: 'done' }))
    })
    const many = commands(250)
    await network.request('a#1', 0, 1, many)
    assert.deepEqual(
      arrived,
      many.map(({ key }) => key),
    )
  })

  test('each command has its own outcome, also of very many and of the longest', async (t) => {
    const { network, asked } = await open(t)
    const many = commands(250, '🙂'.repeat(10_000))
    const outcomes = await network.request('a#1', 3, 7, many)
    assert.deepEqual(
      outcomes,
      many.map(({ body }) => ({ answer: body.asks.text })),
    )
    assert.deepEqual(new Set(asked.map(({ p, term }) => `${p}/${term}`)), new Set(['3/7']))
    assert.equal(
      asked.reduce((sum, { count }) => sum + count, 0),
      250,
    )
  })

  test('one that nobody knows, and one that is gone, are refused: whoever asks asks again', async (t) => {
    const { network, app } = await open(t)
    await assert.rejects(network.request('b#1', 0, 1, commands(1)), /nobody knows where b#1 is/)
    await app.close()
    await assert.rejects(network.request('a#1', 0, 1, commands(1)), { code: 'DEPENDENCY_UNAVAILABLE' })
  })

  test('a failure of some is none of the others’: nobody knows then, and nothing is taken for an answer', async (t) => {
    let calls = 0
    const { network } = await open(t, async (_p, _term, those) => {
      if (++calls === 2) throw new Error('broken')
      return those.map(() => ({ answer: 'done' }))
    })
    await assert.rejects(network.request('a#1', 0, 1, commands(150)))
  })

  test('is for processes of the service: no token is refused', async (t) => {
    const { address } = await open(t)
    const response = await fetch(`${address}/internal/partitions/0/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ term: 1, commands: [] }),
    })
    assert.equal(response.status, 401)
  })
})
