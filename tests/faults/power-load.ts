import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  openDirect,
  openGroup,
  register,
  registerAll,
  type Answer,
  type Message,
  type Person,
  type Urls,
} from '../support/index.ts'

export type Said = { by: Person; content: string; client_message_id: string; answer?: Message }
export type File = Readonly<{ by: Person; id: string; bytes: string }>
/** Somebody new, who asks one of the people to be friends; some are answered. */
export type Newcomer = { person: Person; asked: Person; hasAsked: boolean; isAnswered: boolean | 'unknown' }

/** What people did, and what of it was acknowledged. */
export type Deeds = Readonly<{
  people: readonly Person[]
  /** Of the same number: whom each blocks and lets in again. They share a direct room. */
  others: readonly Person[]
  directs: readonly number[]
  roomId: number
  counts: { done: number }
  said: Said[]
  files: File[]
  newcomers: Newcomer[]
  /** By the id of a person: the name that was acknowledged last, and those that were asked for since. */
  names: Map<number, { last: string; open: string[] }>
  /** The same of whether they block their other. */
  blocks: Map<number, { last: boolean; open: boolean[] }>
}>

export async function getTogether(urls: Urls): Promise<Deeds> {
  const people = await registerAll(urls, '하나', '둘', '셋', '넷')
  const others = await registerAll(urls, '다섯', '여섯', '일곱', '여덟')
  const [owner, ...members] = people
  const { id: roomId } = await openGroup(owner, '흔들리는 방', ...members)
  const directs = await Promise.all(people.map(async (one, i) => (await openDirect(one, others[i]!)).id))
  return {
    people,
    others,
    directs,
    roomId,
    counts: { done: 0 },
    said: [],
    files: [],
    newcomers: [],
    names: new Map([...people, ...others].map(({ id, name }) => [id, { last: name, open: [] }])),
    blocks: new Map(people.map(({ id }) => [id, { last: false, open: [] }])),
  }
}

/** How much was tried, with whatever outcome. */
export const doneBy = ({ counts }: Deeds): number => counts.done

/** undefined: nobody knows whether it was done. */
type Outcome = 'done' | undefined

async function outcomeOf(call: Promise<Answer>): Promise<readonly [Outcome, Answer | undefined]> {
  const answer = await call.catch(() => undefined)
  if (!answer) return [undefined, undefined]
  // Whoever is told 503 may find it done all the same.
  assert.ok(answer.status < 300 || answer.status === 503, `${answer.status}: ${answer.text}`)
  return [answer.status < 300 ? 'done' : undefined, answer]
}

/** One try to have it said; the same again is the same message. */
export async function say(deeds: Deeds, said: Said): Promise<boolean> {
  const { by, content, client_message_id } = said
  const body = { content, client_message_id }
  const [outcome, answer] = await outcomeOf(by.call('POST', `/messages/${deeds.roomId}`, { body }))
  if (!outcome) return false
  const message = answer!.json() as Message
  if (said.answer) assert.equal(message.id, said.answer.id)
  said.answer = message
  return true
}

export type Doing = Readonly<{ doJust(kinds: readonly Kind[]): void; stop(): Promise<void> }>
export type Kind = 'say' | 'rename' | 'block' | 'upload' | 'arrive'
const KINDS: readonly Kind[] = ['say', 'rename', 'say', 'block', 'say', 'upload', 'say', 'arrive']

/** Everybody does one thing after the other, until they are stopped. What fails is not tried again. */
export function startDoing(deeds: Deeds, urls: Urls, round: number): Doing {
  const stopping = new AbortController()
  let kinds = KINDS
  const live = deeds.people.map(async (person, i) => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const what = `${round}-${person.id}-${n}`
      switch (kinds[n % kinds.length]!) {
        case 'say': {
          const said = { by: person, content: `말 ${what}`, client_message_id: what }
          deeds.said.push(said)
          await say(deeds, said)
          break
        }
        case 'rename':
          await rename(deeds, person, `이름 ${what}`)
          break
        case 'block':
          await block(deeds, person, deeds.others[i]!, n)
          break
        case 'upload':
          await upload(deeds, person, what)
          break
        case 'arrive':
          await arrive(deeds, urls, person, n)
      }
      deeds.counts.done++
      // What fails at once while engines are away would be tried a thousand times.
      await sleep(5)
    }
  })
  return {
    doJust: (wanted) => void (kinds = wanted),
    async stop() {
      stopping.abort()
      await Promise.all(live)
    },
  }
}

async function rename({ names }: Deeds, person: Person, display_name: string): Promise<void> {
  const name = names.get(person.id)!
  name.open.push(display_name)
  const [outcome] = await outcomeOf(person.call('PATCH', '/profile/me', { body: { display_name } }))
  if (outcome) Object.assign(name, { last: display_name, open: [] })
}

async function block({ blocks }: Deeds, person: Person, other: Person, n: number): Promise<void> {
  const known = blocks.get(person.id)!
  const on = n % 16 < 8
  known.open.push(on)
  const [outcome] = await outcomeOf(person.call(on ? 'PUT' : 'DELETE', `/friends/blocks/${other.id}`))
  if (outcome) Object.assign(known, { last: on, open: [] })
}

export async function upload({ files }: Deeds, person: Person, bytes: string): Promise<void> {
  const body = new FormData()
  body.set('file', new Blob([bytes], { type: 'text/plain' }), 'a.txt')
  const [outcome, answer] = await outcomeOf(person.call('POST', '/files', { body }))
  if (outcome) files.push({ by: person, id: (answer!.json() as { id: string }).id, bytes })
}

async function arrive({ newcomers }: Deeds, urls: Urls, asked: Person, n: number): Promise<void> {
  const person = await register(urls, `새${n}`).catch(() => undefined)
  if (!person) return
  const newcomer: Newcomer = { person, asked, hasAsked: false, isAnswered: false }
  newcomers.push(newcomer)
  if (!(await ask(newcomer)) || newcomers.length % 2 === 0) return
  const body = { target_user_id: person.id }
  const [outcome] = await outcomeOf(asked.call('POST', '/friends/request', { body }))
  newcomer.isAnswered = outcome ? true : 'unknown'
}

/** Again is the same. */
export async function ask(newcomer: Newcomer): Promise<boolean> {
  const body = { target_user_id: newcomer.asked.id }
  const answer = await newcomer.person.call('POST', '/friends/request', { body }).catch(() => undefined)
  if (answer && (answer.status < 300 || answer.status === 409)) newcomer.hasAsked = true
  return newcomer.hasAsked
}
