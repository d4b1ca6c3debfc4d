import assert from 'node:assert/strict'
import type { MailStore, Once, PushStore } from '../ports.ts'

/** Person 1 has a device. */
export async function clockSetBack(pushes: PushStore): Promise<void> {
  await pushes.messagesCame([{ room_id: 1, after_seq: 0, last_seq: 1, trace: null }], 5_000)
  await pushes.messagesCame([{ room_id: 2, after_seq: 0, last_seq: 1, trace: null }], 10)
  await pushes.toUser(1, { tag: 'ahead', payload: 'p', at: 5_000, expiresAt: 9_000 })
  const rooms = async (now: number) =>
    (await pushes.takeRooms({ now, until: now + 100, limit: 9 })).map(({ room_id }) => room_id).sort((a, b) => a - b)
  const tags = async (now: number) => {
    const taken = await pushes.takeDeliveries({ now, until: now + 100, limit: 9, except: [] })
    return taken.map(({ tag }) => tag)
  }
  assert.deepEqual([await rooms(4_000), await tags(4_000)], [[2], []])
  await pushes.putRight({ now: 20, roomsUntil: 1_000, claimsUntil: 1_000, pushesUntil: 1_000 })
  assert.deepEqual([await rooms(20), await tags(20)], [[1, 2], ['ahead']])
  await pushes.putRight({ now: 21, roomsUntil: 1_000, claimsUntil: 1_000, pushesUntil: 1_000 })
  assert.deepEqual([await rooms(21), await tags(21)], [[], []])
  await pushes.putRight({ now: 22, roomsUntil: 1_000, claimsUntil: 0, pushesUntil: 1_000 })
  assert.deepEqual([(await rooms(22)).length, await tags(22)], [2, ['ahead']])
  await triedWhileAhead(pushes)
}

/** Told of before the clock went ahead, and put off while it was. */
async function triedWhileAhead(pushes: PushStore): Promise<void> {
  for (const tag of ['soon', 'late']) await pushes.toUser(1, { tag, payload: 'p', at: 30, expiresAt: 900_000 })
  const take = async (now: number) => {
    const taken = await pushes.takeDeliveries({ now, until: now + 1, limit: 9, except: [] })
    return taken.filter(({ tag }) => tag !== 'ahead').sort((a, b) => a.id - b.id)
  }
  const [soon, late] = await take(31)
  await pushes.again(soon!, 900)
  await pushes.again(late!, 5_000)
  await pushes.putRight({ now: 40, roomsUntil: 1_000, claimsUntil: 1_000, pushesUntil: 1_000 })
  const tags = async (now: number) => (await take(now)).map(({ tag }) => tag)
  assert.deepEqual(await tags(899), [], 'no pause ends before its time')
  assert.deepEqual(await tags(900), ['soon'])
  assert.deepEqual(await tags(1_000), ['soon', 'late'])
}

/** @param event of a number, that occurs once at a time */
export async function mailsSetBack(mails: MailStore, event: (now: number) => Once): Promise<void> {
  const take = async (now: number) => (await mails.take({ now, until: now + 10, limit: 9 })).map(({ kind }) => kind)
  await mails.add(event(5), { user_id: 1, kind: 'welcome', at: 5 })
  await mails.add(event(6), { user_id: 2, kind: 'password_changed', at: 6 })
  const recipient = { email: 'a@example.com', display_name: '민수' }
  await mails.add(event(7), { user_id: 3, kind: 'account_closed', at: 7, recipient })
  const [welcome] = await mails.take({ now: 5, until: 15, limit: 9 })
  await mails.again(welcome!, 5_000)
  assert.deepEqual(await take(4_000), ['password_changed'])
  await mails.putRight({ dueUntil: 20, claimsUntil: 30 })
  assert.deepEqual([await take(19), await take(20), await take(30)], [[], ['welcome'], ['password_changed', 'welcome']])
  await mails.putRight({ dueUntil: 20, claimsUntil: 50 })
  assert.deepEqual([await take(39), await mails.waiting(4_000)], [[], 2], 'what is held stays held')
}
