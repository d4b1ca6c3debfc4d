import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { friendRequestNote, mentionNote } from '../domain/note.ts'
import { clockSetBack, mailsSetBack } from './clock-set-back.contract.ts'
import { noteStoreContract } from './note-store.contract.ts'
import { device, event, FAR, place, wanted, type Store } from './stores.fixture.ts'

/** The promises of notification-service's stores. @param open as many processes on one database as are asked for */
export function notificationStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<Store[]>,
) {
  const openOne = async (t: TestContext) => (await open(t))[0]!

  describe(`notification stores on ${name}`, () => {
    noteStoreContract(openOne)

    it('a room is due once, with all that came; what came meanwhile is due again', async (t) => {
      const { pushes } = await openOne(t)
      const trace = (n: number) => `00-${'a'.repeat(31)}${n}-00f067aa0ba902b7-01`
      await pushes.messagesCame([{ room_id: 1, after_seq: 4, last_seq: 5, trace: trace(1) }], 10)
      const elsewhere = { room_id: 2, after_seq: 0, last_seq: 1, trace: null }
      await pushes.messagesCame([{ room_id: 1, after_seq: 5, last_seq: 9, trace: trace(4) }, elsewhere], 20)
      await pushes.messagesCame([{ room_id: 1, after_seq: 6, last_seq: 7, trace: trace(2) }], 20)
      assert.deepEqual(await pushes.takeRooms({ now: 9, until: 30, limit: 9 }), [])
      const [room, ...others] = await pushes.takeRooms({ now: 15, until: 30, limit: 9 })
      assert.deepEqual(
        [{ ...room }, others],
        [{ room_id: 1, after_seq: 4, last_seq: 9, trace: trace(4) }, []],
        'the trace of the latest',
      )
      assert.deepEqual(await pushes.takeRooms({ now: 15, until: 30, limit: 9 }), [])
      await pushes.messagesCame([{ room_id: 1, after_seq: 9, last_seq: 11, trace: trace(3) }], 20)
      const told = { room: room!, tell: [], tag: 't', expiresAt: FAR, now: 16 }
      await pushes.told({ ...told, upTo: 9, dueAt: 40 })
      assert.deepEqual(
        (await pushes.takeRooms({ now: 39, until: 60, limit: 9 })).map(({ room_id }) => room_id),
        [2],
      )
      const [again] = await pushes.takeRooms({ now: 40, until: 60, limit: 9 })
      assert.deepEqual({ ...again }, { room_id: 1, after_seq: 9, last_seq: 11, trace: trace(3) })
      await pushes.nothingToTell([{ room_id: 1, up_to: 10 }, { room_id: 2, up_to: 9 }], 50) // prettier-ignore
      const [rest, ...none] = await pushes.takeRooms({ now: 50, until: 60, limit: 9 })
      assert.deepEqual([{ ...rest }, none], [{ room_id: 1, after_seq: 10, last_seq: 11, trace: trace(3) }, []])
      await pushes.told({ ...told, upTo: 11, dueAt: 60 })
      assert.deepEqual(await pushes.waiting(FAR), { rooms: 0, deliveries: 0 })
    })

    it('a device is told the latest of a tag; the newest first; what is read before it was sent not at all, else it is closed', async (t) => {
      const { pushes, subscriptions } = await openOne(t)
      for (const [user, name] of [[1, 'a'], [1, 'b'], [2, 'c']] as const) await subscriptions.put(device(user, name), 9) // prettier-ignore
      const tell = (seq: number, now: number, users = [1, 2]) =>
        pushes.told({
          room: { room_id: 1, after_seq: 0, last_seq: seq, trace: null },
          upTo: seq,
          dueAt: 0,
          now,
          tell: users.map((user_id) => ({ user_id, seq, payloads: { ko: `${seq}`, en: 'x' } })),
          tag: 'room:1',
          expiresAt: 1_000,
        })
      await tell(1, 1)
      await tell(2, 2, [1])
      assert.deepEqual(await pushes.toldOf(1, [1, 2, 3]), new Map([[1, 2], [2, 1]])) // prettier-ignore
      const due = await pushes.takeDeliveries({ now: 5, until: 50, limit: 9, except: [] })
      assert.deepEqual(due.map(({ subscription, payload }) => `${subscription.device}${payload}`).sort(), [
        'a2',
        'b2',
        'c1',
      ])
      assert.equal(due.at(-1)!.subscription.device, 'c')
      await pushes.delivered(due.find(({ subscription }) => subscription.device === 'a')!)
      await pushes.again(
        due.find(({ subscription }) => subscription.device === 'b')!,
        60,
      )
      const close = () => ({ tag: 'room:1', link: '/rooms/1' })
      await pushes.readRooms([{ user_id: 1, room_id: 1, read_seq: 1 }], close, 6)
      assert.equal((await pushes.waiting(59)).deliveries, 1)
      await pushes.readRooms([{ user_id: 1, room_id: 1, read_seq: 2 }], close, 6)
      const closing = await pushes.takeDeliveries({ now: 7, until: 50, limit: 9, except: [] })
      const closes = closing.map(({ subscription, payload }) => [subscription.device, JSON.parse(payload)] as const)
      const nothing = { kind: 'close', title: '', body: '', silent: true, unread: 0 }
      const close1 = { ...nothing, tag: 'room:1', link: '/rooms/1', at: 6 }
      assert.deepEqual(Object.fromEntries(closes), { a: close1, b: close1 })
      await tell(3, 8, [2])
      await pushes.readRooms([{ user_id: 2, room_id: 1, read_seq: 3 }], close, 9)
      assert.equal((await pushes.takeDeliveries({ now: 9, until: 50, limit: 9, except: [] })).length, 0)
      assert.equal(await pushes.expire(FAR), 2)
    })

    it('what waits for a push service is passed over or put off, and nothing of another', async (t) => {
      const { pushes, subscriptions } = await openOne(t)
      await subscriptions.put({ ...device(1, 'a'), endpoint: 'https://a.example.com/1' }, 9)
      await subscriptions.put({ ...device(2, 'b'), endpoint: 'https://b.example.com:8443/2' }, 9)
      for (const user of [1, 2]) await pushes.toUser(user, { tag: 't', payload: 'p', at: 5, expiresAt: 1_000 })
      const take = async (now: number, except: string[] = []) => {
        const taken = await pushes.takeDeliveries({ now, until: now + 100, limit: 9, except })
        return { taken, hosts: taken.map(({ host }) => host).sort() }
      }
      const { taken, hosts } = await take(10, ['a.example.com'])
      assert.deepEqual(hosts, ['b.example.com:8443'])
      assert.deepEqual((await take(10, ['a.example.com'])).hosts, [])
      await pushes.putBack(taken)
      await pushes.putOff('a.example.com', 50, 10)
      assert.deepEqual((await take(49)).hosts, ['b.example.com:8443'])
      await pushes.putOff('b.example.com:8443', 400, 49)
      assert.deepEqual((await take(50)).hosts, ['a.example.com'])
      // What was taken is not put off.
      assert.deepEqual((await take(150)).hosts, ['a.example.com', 'b.example.com:8443'])
      assert.equal(await pushes.expire(1_000), 2)
    })

    it('nothing waits for a time that the clock was set back from, nor for who is no more', async (t) => {
      const { pushes, subscriptions, mails } = await openOne(t)
      await subscriptions.put(device(1, 'a'), 9)
      await clockSetBack(pushes)
      await mailsSetBack(mails, event)
    })

    it('a read position takes nothing away of what came after it', async (t) => {
      const { pushes, subscriptions } = await openOne(t)
      await subscriptions.put(device(1, 'a'), 9)
      const tell = (seq: number) =>
        pushes.told({
          room: { room_id: 1, after_seq: 0, last_seq: seq, trace: null },
          upTo: seq,
          dueAt: 0,
          now: seq,
          tell: [{ user_id: 1, seq, payloads: { ko: `${seq}`, en: 'x' } }],
          tag: 'room:1',
          expiresAt: 1_000,
        })
      await tell(5)
      let telling: Promise<void> | undefined
      // It is asked for when what is read is known, and not yet taken away.
      const close = () => {
        telling = tell(8)
        return { tag: 'room:1', link: '/rooms/1' }
      }
      await pushes.readRooms([{ user_id: 1, room_id: 1, read_seq: 5 }], close, 9)
      await telling
      assert.deepEqual(await pushes.toldOf(1, [1]), new Map([[1, 8]]))
      const due = await pushes.takeDeliveries({ now: 10, until: 50, limit: 9, except: [] })
      assert.deepEqual(
        due.map(({ payload }) => payload),
        ['8'],
      )
    })

    it('an endpoint belongs to one person, who has so many at most', async (t) => {
      const { subscriptions } = await openOne(t)
      for (const name of ['a', 'b', 'c']) await subscriptions.put(device(1, name), 2)
      await subscriptions.put(device(2, 'c'), 2)
      const names = async (user: number) => (await subscriptions.list(user)).map(({ device: of }) => of)
      assert.deepEqual([await names(1), await names(2)], [['b'], ['c']])
      await subscriptions.remove({ user_id: 1, endpoint: device(2, 'c').endpoint })
      assert.deepEqual(await names(2), ['c'])
      await subscriptions.remove({ session_id: 's-c' })
      assert.deepEqual(await subscriptions.subscribers([1, 2]), new Set([1]))
    })

    it('settings are changed in their parts', async (t) => {
      const { settings } = await openOne(t)
      await settings.change(1, { sound: false })
      const of = await settings.change(1, { kinds: { reaction: { push: false } } })
      assert.deepEqual([of.sound, of.kinds.reaction], [false, { push: false, in_app: true }])
      const both = await settings.of([1, 2])
      assert.deepEqual([both.get(1)!.sound, both.get(2)!.sound], [false, true])
    })

    it('a mail waits once an event; one that is held until it is released, or dropped', async (t) => {
      const { mails } = await openOne(t)
      const take = async (now: number) => (await mails.take({ now, until: now + 10, limit: 9 })).map(({ kind }) => kind)
      const registered = event(5)
      for (let i = 0; i < 2; i++) await mails.add(registered, { user_id: 1, kind: 'welcome', at: 5 })
      const recipient = { email: 'a@example.com', display_name: '민수' }
      for (const user_id of [1, 2]) await mails.add(event(6), { user_id, kind: 'account_closed', at: 6, recipient })
      assert.deepEqual([await take(4), await take(5), await take(6)], [[], ['welcome'], []])
      assert.deepEqual(await take(16), ['welcome'], 'of a process that died')
      await mails.drop(event(20), { user_id: 1, kind: 'account_closed' })
      await mails.release(event(20), { user_id: 2, kind: 'account_closed' })
      const [closed, ...others] = await mails.take({ now: 20, until: 30, limit: 9 })
      assert.deepEqual([closed?.recipient, closed?.user_id, others], [recipient, 2, []])
      await mails.again(closed!, 40)
      assert.deepEqual([await mails.waiting(39), await mails.waiting(40)], [1, 2])
      assert.deepEqual(await take(40), ['welcome', 'account_closed'])
      await mails.done(closed!)
      assert.deepEqual([await mails.expire(FAR - 1), await mails.waiting(FAR)], [1, 0])
    })

    it('a digest is due once, at its time, from when it is wanted until it is not', async (t) => {
      const { mails, settings } = await openOne(t)
      await settings.change(1, { digest: true }, 100)
      await settings.change(1, { sound: false })
      await settings.change(2, { sound: false })
      assert.deepEqual(await mails.dueDigests(99, 9), [])
      const [due] = await mails.dueDigests(100, 9)
      assert.deepEqual({ ...due }, { user_id: 1, next_at: 100 })
      for (let i = 0; i < 2; i++) await mails.digest(due!, 200, 101)
      const taken = await mails.take({ now: 150, until: 160, limit: 9 })
      assert.deepEqual(
        taken.map(({ kind, user_id, at }) => [kind, user_id, at]),
        [['digest', 1, 101]],
      )
      assert.deepEqual(
        (await mails.dueDigests(200, 9)).map(({ next_at }) => next_at),
        [200],
      )
      const token = (await mails.unsubscribeToken(1))!
      assert.deepEqual([await mails.subscriberOf(token), await mails.subscriberOf('x')], [1, undefined])
      await settings.change(1, { digest: false })
      assert.deepEqual([await mails.dueDigests(FAR, 9), await mails.subscriberOf(token)], [[], undefined])
    })

    it('nothing is left of who is erased', async (t) => {
      const { notes, people, subscriptions, pushes, mails, settings } = await openOne(t)
      await subscriptions.put(device(1, 'a'), 9)
      await notes.add(event(), wanted(mentionNote(1, place(1, 2)), mentionNote(3, place(1, 1))), 0)
      await people.block({ ...event(), user_id: 3, other: 1, on: true })
      const recipient = { email: 'a@example.com', display_name: '민수' }
      await settings.change(1, { digest: true }, 5)
      await mails.add(event(), { user_id: 1, kind: 'new_device', at: 1 })
      await mails.add(event(), { user_id: 1, kind: 'account_closed', at: 1, recipient })
      await people.erase({ ...event(), user_id: 1 })
      assert.deepEqual([await mails.waiting(FAR - 1), await mails.dueDigests(FAR, 9)], [0, []])
      assert.equal(await mails.waiting(FAR), 1, 'that it is closed is to be told')
      assert.deepEqual(await notes.unreadOf([1, 3], 0), new Map([[1, 0], [3, 0]])) // prettier-ignore
      assert.deepEqual([(await people.blocks([3])).size, (await pushes.waiting(FAR)).deliveries], [0, 0])
    })

    it('of several processes each takes what no other has taken', async (t) => {
      const stores = await open(t, 3)
      const [{ pushes, subscriptions, notes }] = stores as [Store]
      for (let user = 1; user <= 60; user++) await subscriptions.put(device(user, `d${user}`), 9)
      await notes.add(event(), wanted(...Array.from({ length: 60 }, (_, i) => friendRequestNote(i + 1, 99))), 0)
      const rooms = Array.from({ length: 60 }, (_, i) => ({ room_id: i + 1, after_seq: 0, last_seq: 1, trace: null }))
      await pushes.messagesCame(rooms, 0)
      for (let user = 1; user <= 60; user++)
        await stores[0]!.mails.add(event(), { user_id: user, kind: 'welcome', at: 1 })
      const letters: number[] = []
      const devices: number[] = []
      const due: number[] = []
      const query = { now: 1, until: 100, limit: 10, except: [] }
      await Promise.all(
        stores.map(async ({ pushes: of, mails }) => {
          // What others are taking is passed over, and is theirs.
          for (let idle = 0; idle < 3;) {
            const [those, theirs] = [await of.takeDeliveries(query), await of.takeRooms(query)]
            const written = await mails.take(query)
            letters.push(...written.map(({ id }) => id))
            devices.push(...those.map(({ id }) => id))
            due.push(...theirs.map(({ room_id }) => room_id))
            idle = those.length + theirs.length + written.length === 0 ? idle + 1 : 0
          }
        }),
      )
      assert.deepEqual([devices.length, new Set(devices).size], [60, 60])
      assert.deepEqual([due.length, new Set(due).size], [60, 60])
      assert.deepEqual([letters.length, new Set(letters).size], [60, 60])
    })
  })
}
