import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { createServiceTokens } from '@bigtech/http'
import { freePort } from '@bigtech/testkit'
import { checkOwnAddress } from './own-address.ts'
import { openPartitionHost } from './partition-host.fixture.ts'

const OURS = 'the secret of these, of at least 32 characters'
const ANOTHER = 'another secret, of at least 32 characters too'

/** @returns where a process of chat-service with that secret listens */
const open = async (t: TestContext, node: string, secret = OURS): Promise<string> =>
  (await openPartitionHost(t, { node, secret, handle: async () => [] })).address

/** @param others where they are, and how often they have said that they are there each time that somebody looks */
function checkAt(address: string, others: Record<string, { address: string; beats: number[] }> = {}, secret = OURS) {
  const tokens = createServiceTokens({ service: 'chat-service', secrets: [secret] })
  let looks = 0
  return checkOwnAddress({
    node: 'a#1',
    address,
    async others() {
      const look = looks++
      return new Map(Object.entries(others).map(([node, { beats }]) => [node, beats[look % beats.length]!]))
    },
    addressOf: async (node) => others[node]?.address,
    headers: () => ({ authorization: tokens.authorization('chat-service') }),
    withinMs: 0,
    beatMs: 0,
  })
}

suite('where a process of chat-service says that it is', () => {
  test('is right when it answers there itself, whoever else is or was there', async (t) => {
    const [own, other] = [await open(t, 'a#1'), await open(t, 'b#1')]
    await checkAt(own)
    await checkAt(own, {
      'b#1': { address: other, beats: [5, 6] },
      'c#1': { address: `http://127.0.0.1:${await freePort()}`, beats: [5] },
    })
  })

  test('is wrong when nobody answers there, or another', async (t) => {
    const other = await open(t, 'b#1')
    const nobody = `http://127.0.0.1:${await freePort()}`
    await assert.rejects(checkAt(nobody), /NODE_ADDRESS: http:.* is not: .*ECONNREFUSED/)
    await assert.rejects(checkAt(other), /NODE_ADDRESS: .* b#1 answers there/)
    const foreign = await open(t, 'a#1', ANOTHER)
    await assert.rejects(checkAt(foreign), /NODE_ADDRESS: .* it answers 401/)
  })

  test('is of no use with a secret that one of the others does not know; one that is gone does not count', async (t) => {
    const own = await open(t, 'a#1', ANOTHER)
    const address = await open(t, 'b#1')
    await assert.rejects(
      checkAt(own, { 'b#1': { address, beats: [5, 6] } }, ANOTHER),
      /SERVICE_SECRET: b#1 refuses this process/,
    )
    await checkAt(own, { 'b#1': { address, beats: [5, 5] } }, ANOTHER)
  })
})
