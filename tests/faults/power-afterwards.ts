import assert from 'node:assert/strict'
import type { Overview } from '@bigtech/analytics-service/contract'
import { signIn, type Page, type Person, type Room, type Urls } from '../support/index.ts'
import { messagesOf } from '../support/process-world.ts'
import { ask, say, upload, type Deeds, type Newcomer } from './power-load.ts'

type Named = Readonly<{ user_id: number; display_name: string }>
type Note = Readonly<{ kind: string; actors: readonly { user_id: number }[] }>

async function allOf<T>(who: Person, path: string): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<T> = await who.get(`${path}limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    all.push(...page.items)
    cursor = page.next_cursor
  }
  return all
}

/** The messages of the room: whole, each once, as they were acknowledged, the same for every member. */
export async function assertSaid({ people, roomId, said }: Deeds, when: string): Promise<void> {
  const [history, ...others] = await Promise.all(people.map((person) => messagesOf(person, roomId)))
  for (const other of others)
    assert.deepEqual(
      other.map(({ id }) => id),
      history!.map(({ id }) => id),
      when,
    )
  assert.deepEqual(
    history!.map(({ seq }) => seq),
    history!.map((_, i) => i + 1),
    `${when}: seq has a gap`,
  )
  const keys = history!.flatMap(({ client_message_id }) => client_message_id ?? [])
  assert.equal(new Set(keys).size, keys.length, `${when}: doubled`)
  for (const { answer, content, by } of said) {
    if (!answer) continue
    const { id, content: stored, user_id } = history![answer.seq - 1]!
    assert.deepEqual([id, stored, user_id], [answer.id, content, by.id], `${when}: lost`)
  }
  for (const person of people) {
    const { read_seq, members, unread_count } = await person.room(roomId)
    assert.equal(members.find(({ user_id }) => user_id === person.id)!.read_seq, read_seq)
    const unread = history!.filter(({ seq, message_type }) => seq > read_seq && message_type !== 'system')
    assert.equal(unread_count, unread.length, `${when}: unread count of ${person.id}`)
  }
}

/** What was not answered is done once more, some of what was answered too. */
export async function repeat(deeds: Deeds): Promise<void> {
  const open = deeds.said.filter(({ answer }) => !answer)
  for (const said of [...open, ...deeds.said.slice(-3)]) assert.ok(await say(deeds, said), said.content)
  const [first] = deeds.people
  const before = deeds.files.length
  await upload(deeds, first!, 'after the cut')
  assert.equal(deeds.files.length, before + 1)
  for (const newcomer of deeds.newcomers.filter(({ hasAsked }) => !hasAsked)) assert.ok(await ask(newcomer))
}

/** Each file that was acknowledged, as it was. */
export async function assertFiles({ files }: Deeds): Promise<void> {
  for (const { by, id, bytes } of files) {
    const { status, text } = await by.call('GET', `/files/${id}`)
    assert.deepEqual([status, text], [200, bytes])
  }
}

const answeredBy = ({ asked, person, isAnswered }: Newcomer, friends: ReadonlySet<string>): boolean => {
  const areFriends = friends.has(`${asked.id}:${person.id}`)
  if (isAnswered !== 'unknown') assert.equal(areFriends, isAnswered, `${person.id} and ${asked.id} are friends`)
  return areFriends
}

/** Accounts, names, friends and blocks where they are the truth. @returns what they are, for what others make of them */
export async function assertPeople(urls: Urls, { people, newcomers, names, blocks }: Deeds) {
  for (const { person } of newcomers) await signIn(urls, person)
  const named = new Map<number, string>()
  for (const person of people) {
    const { display_name } = await person.get<{ display_name: string }>('/profile/me')
    const { last, open } = names.get(person.id)!
    assert.ok([last, ...open].includes(display_name), `${display_name} is not ${last}`)
    named.set(person.id, display_name)
  }
  const friends = new Set<string>()
  const asking = new Set<string>()
  const blocking = new Set<number>()
  for (const person of people) {
    for (const { user_id } of await allOf<Named>(person, '/friends?')) friends.add(`${person.id}:${user_id}`)
    type Request = { user: Named }
    for (const { user } of await allOf<Request>(person, '/friends/requests?direction=received&'))
      asking.add(`${person.id}:${user.user_id}`)
    const isBlocking = (await allOf(person, '/friends/blocks?')).length > 0
    const { last, open } = blocks.get(person.id)!
    assert.ok([last, ...open].includes(isBlocking), `whom ${person.id} blocks`)
    if (isBlocking) blocking.add(person.id)
  }
  for (const newcomer of newcomers) {
    const areFriends = answeredBy(newcomer, friends)
    if (newcomer.hasAsked && !areFriends)
      assert.ok(asking.has(`${newcomer.asked.id}:${newcomer.person.id}`), `the request of ${newcomer.person.id}`)
  }
  return { named, friends, asking, blocking }
}

export type Truth = Awaited<ReturnType<typeof assertPeople>>

/** What chat-service knows of blocks. Each look at it may say something, which statistics count. */
export async function assertBlocks({ people, others, directs }: Deeds, truth: Truth): Promise<void> {
  for (const [i, person] of people.entries()) {
    const said = await others[i]!.call('POST', `/messages/${directs[i]}`, { body: { content: '들려요?' } })
    assert.equal(
      said.status === 403,
      truth.blocking.has(person.id),
      `${person.id} blocks ${others[i]!.id}: ${said.text}`,
    )
  }
}

/** What other services make of events: copies of names, notifications, statistics. */
export async function assertEffects(deeds: Deeds, truth: Truth, operator: Person): Promise<void> {
  const { people, others, directs, newcomers, roomId } = deeds
  const { members } = await people[0]!.get<Room>(`/chat-rooms/${roomId}`)
  for (const { user_id, display_name } of members)
    assert.equal(display_name, truth.named.get(user_id), `the name of ${user_id} in chat-service`)
  const profiles = await operator.get<{ id: number; display_name: string }[]>(
    `/users?user_ids=${people.map(({ id }) => id).join()}`,
  )
  for (const { id, display_name } of profiles)
    assert.equal(display_name, truth.named.get(id), `the name of ${id} in the cache of profiles`)

  for (const person of people) {
    const told = await allOf<Note>(person, '/notifications?')
    const asks = told.filter(({ kind }) => kind === 'friend_request').map(({ actors }) => actors[0]!.user_id)
    const wanted = [...truth.asking]
      .filter((pair) => pair.startsWith(`${person.id}:`))
      .map((pair) => Number(pair.split(':')[1]))
    assert.deepEqual(asks.sort(byNumber), wanted.sort(byNumber), `the requests that ${person.id} is told of`)
  }
  for (const { person, asked } of newcomers.filter((one) => truth.friends.has(`${one.asked.id}:${one.person.id}`))) {
    const told = await allOf<Note>(person, '/notifications?')
    const answers = told.filter(({ kind }) => kind === 'friend_accepted').map(({ actors }) => actors[0]!.user_id)
    assert.deepEqual(answers, [asked.id], `the answer that ${person.id} is told of`)
    const [friend] = await allOf<Named>(person, '/friends?')
    assert.equal(friend!.display_name, truth.named.get(asked.id), `the name of ${asked.id} in friend-service`)
  }
  const { range } = await operator.get<Overview>('/analytics/overview')
  const rooms = await Promise.all([
    messagesOf(people[0]!, roomId),
    ...directs.map((id, i) => messagesOf(people[i]!, id)),
  ])
  const texts = rooms.flat().filter(({ message_type }) => message_type === 'text')
  const accounts = people.length + others.length + newcomers.length + 1
  assert.deepEqual([range.messages, range.new_accounts], [texts.length, accounts], 'statistics')
}

const byNumber = (a: number, b: number) => a - b
