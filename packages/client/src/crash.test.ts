import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertAsFresh, assertOnce, shown, texts, WITHIN } from './testing/rooms.fixture.ts'
import { signUp, startServer, type TestUser } from './testing/server.fixture.ts'

describe('a server that dies', () => {
  for (const transport of ['ws', 'sse'] as const) {
    it(`kill -9 under load (${transport}): what was acknowledged is there once, and clients meet again`, async (t) => {
      const server = await startServer(t)
      const users = [
        await signUp(server.url, 'kill.a'),
        await signUp(server.url, 'kill.b'),
        await signUp(server.url, 'kill.c'),
      ]
      const [alice, ...others] = users as [TestUser, ...TestUser[]]
      const room = await alice.client.rooms.createGroup({ name: 'r', member_ids: others.map(({ id }) => id) })
      const syncs = users.map(({ client }) => client.sync({ transport }))
      t.after(() => syncs.forEach((sync) => sync.close()))
      for (const sync of syncs) {
        await sync.ready(WITHIN)
        await sync.openRoom(room.id, WITHIN)
      }
      const acknowledged: string[] = []
      const sent: string[] = []
      const talking = new AbortController()
      const direct = (async () => {
        for (let i = 0; !talking.signal.aborted; i++) {
          const content = `direct ${i}`
          const stored = await alice.client.messages
            .send(room.id, { content }, { timeoutMs: 1_000 })
            .catch(() => undefined)
          if (stored) acknowledged.push(content)
        }
      })()
      for (let round = 0; round < 2; round++) {
        for (let i = 0; i < 15; i++) {
          for (const [index, sync] of syncs.entries()) {
            sent.push(`${index} says ${round}.${i}`)
            sync.send(room.id, { content: sent.at(-1)! })
          }
          if (i === 7) await server.killAndRestart()
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }
      talking.abort()
      await direct
      for (const [index, sync] of syncs.entries()) {
        await sync.waitFor(({ rooms }) => rooms.get(room.id)!.outgoing.length === 0, { timeoutMs: 30_000 })
        await assertAsFresh(sync, users[index]!, room.id)
      }
      for (const sync of syncs) {
        while (await sync.loadOlder(room.id, { limit: 200 }));
        assertOnce(shown(sync, room.id), [...sent, ...acknowledged])
        const order = shown(sync, room.id).map(({ id }) => id)
        assert.deepEqual(
          order,
          shown(syncs[0]!, room.id).map(({ id }) => id),
          'the same order for all',
        )
        const own = texts(shown(sync, room.id)).filter((text) => text.startsWith('1 says'))
        assert.deepEqual(
          own,
          sent.filter((text) => text.startsWith('1 says')),
          'in the order of sending',
        )
      }
      assert.ok(acknowledged.length > 0)
    })
  }
})
