import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { ConnectionState } from './index.ts'
import { startProxy } from './testing/proxy.fixture.ts'
import { assertAsFresh, assertOnce, shown, texts, WITHIN } from './testing/rooms.fixture.ts'
import { sharedServer, signUp } from './testing/server.fixture.ts'

describe('a bad network', () => {
  const server = sharedServer({ STREAM_HEARTBEAT: '1s', STREAM_BUFFER: '64KB' })

  /** Bob's stream goes through the proxy, and with `all` his other calls too. */
  async function world(t: TestContext, name: string, transport: 'ws' | 'sse', all = false) {
    const proxy = await startProxy(t, server().port)
    const alice = await signUp(server().url, `${name}.${transport}.a`)
    const aside: typeof fetch = (input, init) => {
      const url = typeof input === 'string' ? input : ''
      return fetch(all || url.endsWith('/stream') ? url : url.replace(proxy.url, server().url), init)
    }
    const bob = await signUp(proxy.url, `${name}.${transport}.b`, { fetch: aside })
    const room = await alice.client.rooms.createGroup({ name: 'r', member_ids: [bob.id] })
    const states: ConnectionState[] = []
    const sync = bob.client.sync({ transport, onState: (state) => states.push(state) })
    t.after(() => sync.close())
    await sync.ready(WITHIN)
    await sync.openRoom(room.id, WITHIN)
    const statuses = () => states.map(({ status }) => status)
    return { proxy, alice, bob, room, sync, states, statuses }
  }

  for (const transport of ['ws', 'sse'] as const) {
    it(`cut (${transport}): resumes with all that was missed, and sends what waited`, async (t) => {
      const { proxy, alice, bob, room, sync, statuses } = await world(t, 'cut', transport, true)
      const first = await alice.client.messages.send(room.id, { content: 'before' })
      await sync.waitFor(() => texts(shown(sync, room.id)).includes('before'), WITHIN)
      proxy.refuse = true
      proxy.cut()
      for (let i = 0; i < 5; i++) await alice.client.messages.send(room.id, { content: `missed ${i}` })
      await alice.client.messages.edit(room.id, first.id, 'edited')
      const carol = await signUp(server().url, `cut.${transport}.c`)
      await alice.client.rooms.addMembers(room.id, [carol.id])
      await carol.client.messages.send(room.id, { content: 'I am new' })
      for (let i = 0; i < 3; i++) sync.send(room.id, { content: `own ${i}` })
      assert.deepEqual(texts(shown(sync, room.id)), ['before'])
      proxy.refuse = false
      await sync.waitFor(({ rooms }) => rooms.get(room.id)!.outgoing.length === 0, WITHIN)
      await assertAsFresh(sync, bob, room.id)
      assertOnce(shown(sync, room.id), ['edited', 'missed 0', 'missed 4', 'I am new', 'own 0'])
      assert.deepEqual(
        texts(shown(sync, room.id)).filter((text) => text.startsWith('own')),
        ['own 0', 'own 1', 'own 2'],
      )
      assert.ok(statuses().includes('resuming'), 'resumed, not started anew')
    })

    it(`half-open (${transport}): notices the silence and resumes`, async (t) => {
      const { proxy, alice, bob, room, sync, states } = await world(t, 'half', transport)
      proxy.halfOpen()
      await alice.client.messages.send(room.id, { content: 'into the silence' })
      await sync.waitFor(() => texts(shown(sync, room.id)).includes('into the silence'), WITHIN)
      assert.ok(states.some((state) => state.status === 'reconnecting' && state.reason === 'no heartbeat'))
      await assertAsFresh(sync, bob, room.id)
    })

    it(`stalled (${transport}): the server lets a slow reader go, which resumes`, async (t) => {
      const { proxy, alice, bob, room, sync, statuses } = await world(t, 'slow', transport)
      proxy.stall()
      const long = '가'.repeat(9_000)
      // More than socket buffers and the server's limit of unread bytes take; more rows than a replay has, too.
      await Promise.all(
        Array.from({ length: 550 }, (_, i) => alice.client.messages.send(room.id, { content: `${i} ${long}` })),
      )
      await alice.client.messages.send(room.id, { content: 'the end' })
      await sync.waitFor(() => texts(shown(sync, room.id)).includes('the end'), WITHIN)
      await assertAsFresh(sync, bob, room.id)
      assert.ok(statuses().includes('reconnecting'))
      while (await sync.loadOlder(room.id, { limit: 200 }));
      assert.equal(shown(sync, room.id).length, 552)
      assertOnce(shown(sync, room.id), ['the end'])
    })
  }

  it('half-open, all of it: finds its way past the dead connections fetch keeps', async (t) => {
    const { proxy, alice, bob, room, sync } = await world(t, 'dead', 'ws', true)
    proxy.halfOpen()
    await alice.client.messages.send(room.id, { content: 'into the silence' })
    await sync.waitFor(() => texts(shown(sync, room.id)).includes('into the silence'), { timeoutMs: 40_000 })
    await assertAsFresh(sync, bob, room.id)
  })

  it('gets every answer of commands once, or asks again', async (t) => {
    const { proxy, alice, bob, room, sync } = await world(t, 'flap', 'ws', true)
    let sent = 0
    const cuts = setInterval(() => proxy.cut(), 150)
    t.after(() => clearInterval(cuts))
    while (sent < 30) {
      sync.send(room.id, { content: `flap ${sent++}` })
      await alice.client.messages.send(room.id, { content: `other ${sent}` })
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    sync.markRead(room.id)
    clearInterval(cuts)
    await sync.waitFor(({ rooms }) => rooms.get(room.id)!.outgoing.length === 0, WITHIN)
    await assertAsFresh(sync, bob, room.id)
    const own = texts(shown(sync, room.id)).filter((text) => text.startsWith('flap'))
    assert.deepEqual(
      own,
      Array.from({ length: 30 }, (_, i) => `flap ${i}`),
    )
  })
})
