import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import {
  assertProblem,
  call,
  openDirect,
  openGroup,
  register,
  registerAdmin,
  registerAll,
  startTestServer,
  type Person,
} from '../support/index.ts'

const server = await startTestServer(
  { after },
  {
    STORAGE_PER_USER: '4KB',
    FILES_PER_USER: '3',
    MEMBERS_PER_ROOM: '3',
    ROOMS_PER_USER: '3',
    GROUPS_PER_DAY: '2',
    INVITE_LINKS_PER_DAY: '2',
    FRIEND_REQUESTS_PER_DAY: '2',
    REACTIONS_PER_MESSAGE: '1',
    PINS_PER_ROOM: '1',
    SESSIONS_PER_USER: '2',
  },
)
const { urls } = server

const upload = (person: Person, bytes: Uint8Array, name = 'a.txt', type = 'text/plain') => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return person.call('POST', '/files', { body: form })
}
const blobs = async () => (await server.blobs()).length

describe('quotas', () => {
  it('of storage hold for uploads at once, leave nothing behind, and are told to the person and the operator', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(one, Buffer.alloc(1_500, 'a'))))
    assert.equal(answers.filter(({ status }) => status === 201).length, 2)
    for (const refused of answers.filter(({ status }) => status !== 201)) assertProblem(refused, 409, 'STORAGE_FULL')
    const picture = await sharp({ create: { width: 60, height: 60, channels: 3, background: '#fee500' } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    assertProblem(await upload(one, picture, 'a.png', 'image/png'), 409, 'STORAGE_FULL')
    assert.equal(await blobs(), 2, 'neither the refused files nor their thumbnails are kept')
    assert.deepEqual(await one.get('/files/usage'), {
      files: { used: 2, allowed: 3 },
      bytes: { used: 3_000, allowed: 4_096 },
    })
    for (let i = 0; i < 3; i++) assert.equal((await upload(other, Buffer.from('b'))).status, 201)
    assertProblem(await upload(other, Buffer.from('b')), 409, 'TOO_MANY_FILES')
    const admin = await registerAdmin(server)
    assert.deepEqual(await admin.get('/ops/storage'), {
      total: { files: 5, bytes: 3_003 },
      allowed: { files: 3, bytes: 4_096 },
      accounts: [
        { user_id: one.id, files: 2, bytes: 3_000 },
        { user_id: other.id, files: 3, bytes: 3 },
      ],
    })
  })

  it('of rooms, groups, members and links say what one may', async () => {
    const [one, two, three, four] = await registerAll(urls, '하나', '둘', '셋', '넷')
    const create = (member_ids: number[]) => one.call('POST', '/chat-rooms', { body: { type: 'group', member_ids } })
    assertProblem(await create([two.id, three.id, four.id]), 409, 'ROOM_FULL')
    const room = await openGroup(one, '하나', two, three)
    await openGroup(one, '둘째')
    assert.match(assertProblem(await create([]), 409, 'TOO_MANY_GROUPS_TODAY').detail, /2개/)
    await openDirect(one, two)
    const direct = { type: 'direct', user_id: four.id }
    assertProblem(await one.call('POST', '/chat-rooms', { body: direct }), 409, 'TOO_MANY_ROOMS')
    assert.equal((await four.call('POST', '/chat-rooms', { body: { ...direct, user_id: one.id } })).status, 201)
    const add = { user_ids: [four.id] }
    assertProblem(await one.call('POST', `/chat-rooms/${room.id}/members`, { body: add }), 409, 'ROOM_FULL')
    const path = `/chat-rooms/${room.id}/invite`
    for (let i = 0; i < 2; i++) await one.post(path, {})
    assertProblem(await one.call('POST', path, { body: {} }), 409, 'TOO_MANY_LINKS_TODAY')
  })

  it('of friend requests, reactions and pins too', async () => {
    const [one, ...others] = await registerAll(urls, '하나', '둘', '셋', '넷')
    const ask = (who: Person) => one.call('POST', '/friends/request', { body: { target_user_id: who.id } })
    const asked = await Promise.all(others.map(ask))
    assert.deepEqual(
      asked.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 201, 409],
    )
    const room = await openGroup(one, '모임')
    const [first, second] = [await one.say(room.id, '하나'), await one.say(room.id, '둘')]
    const put = (id: string, what: string) => one.call('PUT', `/messages/${room.id}/${id}/${what}`)
    assert.equal((await put(first.id, `reactions/${encodeURIComponent('👍')}`)).status, 200)
    const more = await put(first.id, `reactions/${encodeURIComponent('🎉')}`)
    assert.match(assertProblem(more, 409, 'TOO_MANY_REACTIONS').detail, /1종류/)
    assert.equal((await put(first.id, 'pin')).status, 200)
    assert.match(assertProblem(await put(second.id, 'pin'), 409, 'TOO_MANY_PINS').detail, /1개/)
  })

  it('of sessions end the oldest, whose stream is closed', async (t) => {
    const first = await register(urls, '하나')
    const sse = await first.sse(t)
    await first.signIn()
    const third = await first.signIn()
    await sse.seen((frame) => frame.type === 'goodbye')
    assert.equal((await first.call('GET', '/profile/me')).status, 401)
    assert.equal((await third.call('GET', '/profile/me')).status, 200)
    assert.equal((await call('GET', `${urls.gateway}/api/profile/me`, { token: third.token })).status, 200)
  })
})
