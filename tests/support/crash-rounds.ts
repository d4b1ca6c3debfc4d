import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  openGroup,
  register,
  signIn,
  spawnServer,
  type Answer,
  type Message,
  type Person,
  type Room,
  type ServerProgram,
} from './index.ts'
import { createAdmin, eventsOf, messagesOf } from './process-world.ts'

const SENDERS = 6

type Attempt = { sender: number; content: string; client_message_id: string; answer?: Message }

/** mulberry32: the rounds of a failure can be run again. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * People send while a server on files ends, again and again, in whatever way `crash` ends it: after each start everything that was acknowledged is there, once,
 * with the numbers that follow from it; in the end each message has its event. @returns how many messages were acknowledged before a crash
 */
export async function crashRounds(
  t: TestContext,
  {
    dir,
    rounds,
    seed,
    crash,
  }: { dir: string; rounds: number; seed: number; crash: (server: ServerProgram, round: number) => Promise<void> },
): Promise<number> {
  const random = randomOf(seed)
  const admin = await createAdmin(t, dir)
  let server = await spawnServer(t, { DATA_DIR: dir })
  let urls = await server.urls()
  let people = await Promise.all(Array.from({ length: SENDERS }, (_, i) => register(urls, `보낸이${i}`)))
  const room = await openGroup(people[0]!, '흔들리는 방', ...people.slice(1))
  const attempts: Attempt[] = []
  let acknowledged = 0

  for (let round = 0; round < rounds; round++) {
    const running = { alive: true }
    const work = people.map(async (person, sender) => {
      for (let n = 0; running.alive; n++) {
        const id = `${round}-${sender}-${n}`
        const attempt: Attempt = { sender, content: `말 ${id}`, client_message_id: id }
        attempts.push(attempt)
        if (!(await deliver(person, room.id, attempt))) return
        acknowledged++
        if (n % 5 === 4) await person.call('POST', `/chat-rooms/${room.id}/read`, { body: { seq: n } }).catch(() => {})
      }
    })
    await new Promise((resolve) => setTimeout(resolve, 30 + random() * 400))
    await crash(server, round)
    running.alive = false
    await Promise.all(work)

    server = await spawnServer(t, { DATA_DIR: dir })
    urls = await server.urls()
    people = await Promise.all(people.map((person) => signIn(urls, person)))
    await assertLog(people, room, attempts, `after the restart of round ${round}`)
    // A client repeats what was not answered, all at once, some of it twice.
    const open = attempts.filter(({ answer }) => !answer)
    await Promise.all(
      [...open, ...open.slice(0, 3)].map(async (attempt) =>
        assert.ok(await deliver(people[attempt.sender]!, room.id, attempt)),
      ),
    )
    await assertLog(people, room, attempts, `after the repeats of round ${round}`)
  }

  assert.ok(attempts.length > rounds * 20, `only ${attempts.length} messages were sent`)
  const history = await messagesOf(people[0]!, room.id)
  const texts = history.filter(({ message_type }) => message_type === 'text')
  assert.equal(texts.length, attempts.length, 'every attempt is there, once')
  const operator = await signIn(urls, admin)
  await eventually(async () => {
    const events = await eventsOf(operator, room.id)
    assert.deepEqual([...events].sort(), texts.map(({ id }) => id).sort())
    const { items } = await operator.get<{ items: { pending: number; parked: number }[] }>('/ops/outbox')
    for (const { pending, parked } of items) assert.deepEqual([pending, parked], [0, 0])
  })
  await server.kill('SIGTERM')
  return acknowledged
}

/** One try; false when the server was gone. */
async function deliver(person: Person, roomId: number, attempt: Attempt): Promise<boolean> {
  const { content, client_message_id } = attempt
  const answer = await person
    .call('POST', `/messages/${roomId}`, { body: { content, client_message_id } })
    .catch((): Answer | undefined => undefined)
  if (!answer) return false
  assert.equal(answer.status, 201, answer.text)
  const message = answer.json() as Message
  if (attempt.answer) assert.equal(message.id, attempt.answer.id)
  attempt.answer = message
  return true
}

async function assertLog(people: Person[], room: Room, attempts: Attempt[], when: string): Promise<void> {
  const history = await messagesOf(people[0]!, room.id)
  assert.deepEqual(
    history.map(({ seq }) => seq),
    history.map((_, i) => i + 1),
    `${when}: seq has a gap`,
  )
  const keys = history.flatMap(({ client_message_id }) => client_message_id ?? [])
  assert.equal(new Set(keys).size, keys.length, `${when}: doubled`)
  for (const { answer, content, sender } of attempts) {
    if (!answer) continue
    const { id, content: stored, user_id } = history[answer.seq - 1]!
    assert.deepEqual([id, stored, user_id], [answer.id, content, people[sender]!.id], `${when}: lost`)
  }
  const rooms = await Promise.all(people.map((person) => person.room(room.id)))
  const { members, last_seq } = rooms[0]!
  assert.equal(last_seq, history.length)
  for (const [i, mine] of rooms.entries()) {
    const me = members.find(({ user_id }) => user_id === people[i]!.id)!
    const after = Math.max(me.read_seq, me.join_seq)
    const unread = history.filter(({ seq, message_type }) => seq > after && message_type !== 'system')
    assert.equal(mine.unread_count, unread.length, `${when}: unread count`)
  }
  for (const { seq, unread_count } of history)
    assert.equal(unread_count, members.filter((member) => member.read_seq < seq).length, `${when}: number at ${seq}`)
}
