import assert from 'node:assert/strict'
import { it } from 'node:test'
import { friendRequestNote, invitedNote, mentionNote, reactionNote } from '../domain/note.ts'
import { device, event, FAR, place, wanted, type OpenOne } from './stores.fixture.ts'

/** The promises of a NoteStore. */
export function noteStoreContract(openOne: OpenOne): void {
  it('an event has its notes once; unread ones of a group are one, of all who did it', async (t) => {
    const { notes } = await openOne(t)
    const once = event(5)
    await notes.add(once, wanted(reactionNote(1, place(1, 2), '👍')), 0)
    assert.deepEqual(await notes.add(once, wanted(reactionNote(1, place(1, 2), '👍')), 0), [])
    for (const actor of [3, 4, 5, 3])
      await notes.add(event(6 + actor), wanted(reactionNote(1, place(1, actor), '🎉')), 0)
    const [note, ...others] = await notes.list({ user_id: 1, before: undefined, limit: 10, now: 0 })
    assert.deepEqual(others, [])
    assert.deepEqual([note!.actor_count, note!.actor_ids, note!.detail], [4, [5, 4, 3], '🎉'])
    assert.equal(await notes.unread(1, 0), 1)
    assert.deepEqual(await notes.unreadOf([2, 1], 0), new Map([[2, 0], [1, 1]])) // prettier-ignore
  })

  it('what is taken back goes, with its waiting pushes', async (t) => {
    const { notes, subscriptions, pushes } = await openOne(t)
    await subscriptions.put(device(1, 'a'), 9)
    await notes.add(event(), wanted(reactionNote(1, place(1, 2), '👍'), friendRequestNote(1, 3)), 0)
    const { group } = reactionNote(1, place(1, 2), '')
    assert.equal(await notes.withdraw(event(), { user_id: 1, group, actor_id: 9 }), false)
    assert.equal(await notes.withdraw(event(), { user_id: 1, group, actor_id: 2 }), true)
    const left = await notes.list({ user_id: 1, before: undefined, limit: 10, now: 0 })
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['friend_request'],
    )
    assert.deepEqual(
      (await pushes.takeDeliveries({ now: 1, until: 2, limit: 9, except: [] })).map(({ note_id }) => note_id),
      [left[0]!.id],
    )
    await notes.add(event(), wanted(mentionNote(1, place(7, 2)), mentionNote(4, place(7, 2))), 0)
    const whose = await notes.withdrawMessage(event(), { room_id: 1, message_id: 'msg_1_7' })
    assert.deepEqual(new Set(whose), new Set([1, 4]))
    assert.equal(await notes.unread(4, 0), 0)
  })

  it('what is taken back or read goes from the devices that may show it, and only from those', async (t) => {
    const { notes, subscriptions, pushes } = await openOne(t)
    for (const name of ['shown', 'asleep']) await subscriptions.put(device(1, name), 9)
    const [request, answer] = [friendRequestNote(1, 3), friendRequestNote(1, 4)]
    const take = (now: number) => pushes.takeDeliveries({ now, until: now + 5, limit: 9, except: [] })
    const told = async () => {
      const due = await take(200)
      for (const one of due) await pushes.delivered(one)
      return due
        .map(({ subscription, tag, payload }) => {
          const { kind, unread } = payload === '' ? { kind: 'note' } : JSON.parse(payload)
          return [subscription.device, tag, kind, unread].join(' ')
        })
        .sort()
    }
    const [first] = await notes.add(event(), wanted(request), 0)
    await notes.add(event(), wanted(answer), 100)
    const due = await take(1)
    assert.equal(due.length, 2)
    const of = (name: string) => due.find(({ subscription }) => subscription.device === name)!
    await pushes.delivered(of('shown'), 2)
    await pushes.putBack([of('asleep')])
    const back = ({ group }: typeof request, actor_id: number, now: number) =>
      notes.withdraw(event(now), { user_id: 1, group, actor_id })
    await back(request, 3, 3)
    await back(answer, 4, 3)
    const tag = `note:${first!.id}`
    assert.deepEqual(await told(), [`shown ${tag} close 1`], 'nothing else was seen, or waits')

    const [, second] = await notes.add(event(300), wanted(answer, request), 0)
    for (const one of await take(301)) await pushes.delivered(one, 301)
    await notes.read({ user_id: 1, which: [second!.id], now: 302 })
    const close = (name: string) => `${name} note:${second!.id} close 1`
    const shown = (await pushes.takeDeliveries({ now: 302, until: 303, limit: 9, except: [] })).map(
      ({ subscription, tag: of, payload }) => `${subscription.device} ${of} close ${JSON.parse(payload).unread}`,
    )
    assert.deepEqual(shown.sort(), [close('asleep'), close('shown')])
    await pushes.expire(FAR)
    // Nobody looks at what was shown an hour ago, and what was read was taken off.
    await notes.read({ user_id: 1, which: 'all', now: 4_000_000 })
    await back(request, 3, 304)
    assert.deepEqual(await take(4_000_001), [])
  })

  it('what is on its way to a device when it is read is taken off', async (t) => {
    const { notes, subscriptions, pushes } = await openOne(t)
    await subscriptions.put(device(1, 'a'), 9)
    await notes.add(event(), wanted(friendRequestNote(1, 3)), 0)
    const [underWay] = await pushes.takeDeliveries({ now: 1, until: 50, limit: 9, except: [] })
    await notes.read({ user_id: 1, which: 'all', now: 2 })
    await pushes.delivered(underWay!, 3)
    const [closing, ...others] = await pushes.takeDeliveries({ now: 4, until: 50, limit: 9, except: [] })
    assert.deepEqual([JSON.parse(closing!.payload).kind, closing!.tag, others], ['close', underWay!.tag, []])
  })

  it('all of a room, or of a group, is taken back of one person alone, read or not', async (t) => {
    const { notes } = await openOne(t)
    const those = [1, 4].flatMap((user) => [mentionNote(user, place(7, 2)), reactionNote(user, place(8, 2), '👍')])
    await notes.add(event(), wanted(...those, friendRequestNote(1, 3), invitedNote(1, 2, 3)), 0)
    await notes.read({ user_id: 1, which: 'all', now: 1 })
    const kinds = async (user_id: number) =>
      (await notes.list({ user_id, before: undefined, limit: 10, now: 0 })).map(({ kind }) => kind).sort()
    assert.equal(await notes.withdrawAll(event(), { user_id: 1, room_id: 1 }), true)
    assert.equal(await notes.withdrawAll(event(), { user_id: 1, room_id: 1 }), false)
    assert.deepEqual([await kinds(1), await kinds(4)], [['friend_request', 'invited'], ['mention', 'reaction']]) // prettier-ignore
    assert.equal(await notes.withdrawAll(event(), { user_id: 1, group: friendRequestNote(1, 3).group }), true)
    assert.deepEqual(await kinds(1), ['invited'])
  })

  it('a reaction taken back leaves the others, of the same person too, and what they did is shown', async (t) => {
    const { notes } = await openOne(t)
    for (const [i, [actor, emoji]] of (
      [
        [2, '👍'],
        [2, '🎉'],
        [3, '👍'],
      ] as const
    ).entries())
      // prettier-ignore
      await notes.add(event(i), wanted(reactionNote(1, place(1, actor), emoji)), 0)
    const back = (actor_id: number, emoji: string) =>
      notes.withdrawReaction(event(9), { message_id: 'msg_1_1', actor_id, emoji })
    const shown = async () =>
      (await notes.list({ user_id: 1, before: undefined, limit: 10, now: 0 })).map(
        ({ actor_ids, actor_count, detail }) => `${actor_ids.join()} (${actor_count}) ${detail}`,
      )
    assert.deepEqual(await shown(), ['3,2 (2) 👍'])
    assert.deepEqual([await back(2, '❤️'), await back(4, '👍')], [[], []])
    assert.deepEqual(await back(3, '👍'), [1])
    assert.deepEqual(await shown(), ['2 (1) 🎉'])
    await back(2, '🎉')
    assert.deepEqual(await shown(), ['2 (1) 👍'])
    await back(2, '👍')
    assert.deepEqual(await shown(), [])
  })
}
