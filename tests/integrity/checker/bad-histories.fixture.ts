import assert from 'node:assert/strict'
import type { FrameReceipt, Op, Round } from '../history/types.ts'
import { goodInboxes } from './bad-effects.fixture.ts'
import { goodTold } from './bad-pushes.fixture.ts'
import { createStory } from './story.fixture.ts'

/** A bit of everything, in a system without fault. */
export function goodRound(): Round {
  const story = createStory()
  story.load(1, 1)
  story.send(1, 1, 'first', true)
  story.send(1, 1, 'second', true)
  story.send(2, 1, 'third')
  story.edit(1, 1, 2, 'first, mended')
  story.react(3, 1, 4, '👍')
  story.pin(2, 1, 3)
  story.heartbeat(1)
  story.read(3, 1, 4)
  story.cut(3)
  story.send(1, 1, 'fourth')
  story.edit(1, 1, 3, 'second, mended')
  story.remove(1, 1, 3)
  story.resume(3)
  story.send(2, 1, 'fifth')
  story.leave(2, 1)
  story.refused(2, 1, 'too late', 'NOT_A_MEMBER')
  story.send(1, 1, 'without two')
  story.join(2, 1)
  story.react(3, 1, 2, '🎉')
  story.send(1, 1, 'with two')
  story.load(2, 1)
  story.pull(2, 1, 3)
  story.send(1, 2, 'face to face')
  story.read(2, 2, 1)
  story.rename(3, 'Three')
  story.block(2, 1)
  story.refused(1, 2, 'blocked', 'PARTNER_GONE')
  story.close(8)
  story.befriend(3, 1)
  const { seq: called } = story.send(1, 1, '@three', false, [3])
  story.read(3, 1, called)
  const [inboxes, told] = [goodInboxes(called), goodTold(called)]
  return story.end({ names: { 3: 'Three' }, blocks: [[2, 1]], closed: 8, inboxes, told })
}

export type Spoil = (round: Round) => void

const opsOf = ({ entries }: Round): Op[] => entries.filter((entry) => entry.type === 'op')
export const framesOf = ({ entries }: Round): FrameReceipt[] => entries.filter((entry) => entry.type === 'frame')
export const opOf = (round: Round, content: string): Op => opsOf(round).find(({ args }) => args.content === content)!
const frameOf = (round: Round, client: string, rev: number, room = 1): FrameReceipt =>
  framesOf(round).find(({ client: of, frame }) => of === client && frame.room === room && frame.rev === rev)!
const drop = (round: Round, entry: unknown) => void round.entries.splice(round.entries.indexOf(entry as Op), 1)
const viewOf = ({ views }: Round, user: number, room: number) =>
  views.find((view) => view.user === user && view.room === room)!
const answerOf = (round: Round, call: string, client = 'c2') => {
  const found = round.entries.findLast(
    (entry) => entry.type === 'answer' && entry.call === call && entry.client === client,
  )
  assert.ok(found?.type === 'answer')
  return found
}
/** In every view and state: the log itself is so. */
const everywhere = (round: Round, room: number, seq: number, change: (row: Round['views'][0]['rows'][0]) => void) => {
  const lists = [
    ...round.views.filter((view) => view.room === room).map(({ rows }) => rows),
    ...round.states.flatMap(({ rooms }) => rooms.filter(({ id }) => id === room).map(({ rows }) => rows)),
  ]
  for (const row of lists.flat()) if (row.seq === seq) change(row)
}
/** What is spoilt, and what must be found (other findings may come with it). */
export const BAD: Record<string, readonly [kind: string, spoil: Spoil][]> = {
  'messages that were acknowledged': [
    [
      'lost',
      (round) => {
        const op = opOf(round, 'fourth')
        round.entries.push({ ...op, n: 9_000, done: 9_001, args: { content: 'gone', cmid: 'm-gone' } })
      },
    ],
    ['doubled', (round) => everywhere(round, 1, 7, (row) => (row.cmid = 'm-third'))],
    ['refused-but-stored', (round) => Object.assign(opOf(round, 'fifth'), { outcome: 'failed', status: 503 })],
    ['acknowledged-elsewhere', (round) => (opOf(round, 'fourth').answer.seq = 2)],
    ['altered', (round) => everywhere(round, 1, 4, (row) => (row.content = 'thirst'))],
    ['stranger', (round) => everywhere(round, 1, 4, (row) => (row.cmid = 'm-nobody'))],
    ['not-done', (round) => (opOf(round, 'first, mended').answer.row!.content = 'first')],
    [
      'lost',
      (round) => {
        const edit = opOf(round, 'first, mended')
        round.entries.push({ ...edit, n: 9_000, done: 9_001, args: { ...edit.args, content: 'again' }, answer: {} })
      },
    ],
    ['refused-but-stored', (round) => Object.assign(opOf(round, 'first, mended'), { outcome: 'failed', answer: {} })],
    [
      'lost',
      (round) => {
        const op = opsOf(round).find(({ do: deed }) => deed === 'delete')!
        op.args.message = 'msg_1_4'
        op.answer = {}
      },
    ],
    ['lost', (round) => (opsOf(round).find(({ do: deed }) => deed === 'pin')!.answer.row!.rev = 77)],
    [
      'lost',
      (round) => {
        const op = opsOf(round).find(({ do: deed }) => deed === 'rename_self')!
        round.entries.push({ ...op, n: 9_000, done: 9_001, args: { name: 'Four' } })
      },
    ],
  ],
  order: [
    [
      'hole',
      (round) => {
        for (const { room, rows } of round.views)
          if (room === 1) {
            const at = rows.findIndex(({ seq }) => seq === 4)
            if (at >= 0) rows.splice(at, 1)
          }
      },
    ],
    ['revision', (round) => everywhere(round, 1, 4, (row) => (row.rev = 999))],
    ['membership', (round) => (viewOf(round, 3, 1).fact = null)],
    ['views-differ', (round) => (viewOf(round, 3, 1).rows[3]!.content = 'for my eyes only')],
    ['views-differ', (round) => viewOf(round, 3, 1).rows.splice(3, 1)],
    ['views-differ', (round) => (viewOf(round, 3, 1).fact!.rev = 3)],
    ['views-differ', (round) => (frameOf(round, 'c2', 3).frame.row!.content = 'another second')],
    [
      'shown-then-lost',
      (round) => {
        const { frame } = frameOf(round, 'c1', 4)
        frame.row = { ...frame.row!, seq: 99, rev: 99, id: 'msg_1_99' }
      },
    ],
    [
      'order',
      (round) => {
        const [early, late] = [opOf(round, 'third'), opOf(round, 'fourth')]
        ;[early.answer, late.answer] = [late.answer, early.answer]
      },
    ],
    [
      'order',
      (round) => {
        const [first, second] = [opOf(round, 'first'), opOf(round, 'second')]
        // Both on their way at once: only the connection says which comes first.
        first.done = second.done
        ;[first.answer, second.answer] = [second.answer, first.answer]
      },
    ],
  ],
  'read positions and unread numbers': [
    [
      'went-back',
      (round) => {
        const op = opsOf(round).find(({ do: deed, room }) => deed === 'read' && room === 1)!
        round.entries.push({ ...op, n: 9_000, done: 9_001, answer: { read_seq: 1 } })
      },
    ],
    ['went-back', (round) => (answerOf(round, 'page').page!.last_seq = 2)],
    [
      'went-back',
      (round) => {
        const fact = answerOf(round, 'room').rooms[0]!
        fact.members.find(({ user }) => user === 3)!.read_seq = 1
      },
    ],
    [
      'went-back',
      (round) => {
        const read = framesOf(round).find(({ client, frame }) => client === 'c1' && frame.type === 'read')!
        round.entries.push({ ...read, n: 9_000, frame: { ...read.frame, old_read_seq: 0, read_seq: 1 } })
      },
    ],
    ['unread', (round) => answerOf(round, 'room').rooms[0]!.unread++],
    // Numbers that fit each other, and not the messages.
    [
      'unread',
      (round) => {
        const { fact, listed } = viewOf(round, 3, 1)
        for (const one of [fact!, listed!]) {
          one.unread--
          one.uncounted = [...one.uncounted, one.last_seq]
        }
      },
    ],
    ['unread', (round) => viewOf(round, 3, 1).listed!.unread++],
    ['unread', (round) => viewOf(round, 3, 1).rows[2]!.unread++],
    ['unread', (round) => viewOf(round, 3, 1).fact!.read_seq--],
  ],
  streams: [
    ['stream-gap', (round) => drop(round, frameOf(round, 'c1', 4))],
    [
      'stream-gap',
      (round) => {
        // The last frame before a heartbeat.
        const beat = framesOf(round).find(({ frame }) => frame.type === 'heartbeat')!
        drop(round, frameOf(round, beat.client, beat.frame.heads![1]!))
      },
    ],
    // Listened to late: what a page showed is followed by a hole, whether a frame tells or a heartbeat.
    ['stream-gap', (round) => [1, 2].forEach((rev) => drop(round, frameOf(round, 'c1', rev)))],
    [
      'stream-gap',
      (round) => {
        const beat = framesOf(round).find(({ frame }) => frame.type === 'heartbeat')!
        round.entries = round.entries.filter(
          (entry) => entry.type !== 'frame' || entry.client !== 'c1' || entry.frame.room === null || entry.n > beat.n,
        )
        drop(round, frameOf(round, 'c1', beat.frame.heads![1]! + 1))
      },
    ],
    ['repeated', (round) => round.entries.push({ ...frameOf(round, 'c1', 4), n: 9_000 })],
    [
      'after-leaving',
      (round) => {
        const left = framesOf(round).find(({ frame }) => frame.type === 'room_left')!
        const at = round.entries.indexOf(left)
        const next = framesOf(round).find(({ client, n, frame }) => client === 'c1' && n > left.n && frame.row)!
        round.entries.splice(at + 1, 0, { ...next, client: left.client, user: left.user })
      },
    ],
    ['resume-gap', (round) => framesOf(round).find(({ frame }) => frame.type === 'changes')!.frame.from_rev!++],
    [
      'resume-gap',
      (round) =>
        framesOf(round)
          .find(({ frame }) => frame.type === 'changes')!
          .frame.rows!.pop(),
    ],
    [
      'stream-gap',
      (round) => {
        // A resume that brings nothing, and does not say so.
        const silent = framesOf(round).filter(({ frame }) => frame.type === 'changes')
        for (const frame of silent) drop(round, frame)
      },
    ],
    [
      'shared-token',
      (round) => {
        const frames = framesOf(round).filter(({ client, frame }) => client === 'c1' && frame.row !== undefined)
        frames[1]!.frame.token = frames[0]!.frame.token!
      },
    ],
    ['pull-gap', (round) => answerOf(round, 'changes').rows.splice(0, 1)],
  ],
  'what is not for everybody': [
    [
      'not-for-them',
      (round) => {
        // From while they were away.
        const frame = framesOf(round).find(({ frame: one }) => one.row?.content === 'without two')!
        round.entries.push({ ...frame, n: 9_000, client: 'c2', user: 2 })
      },
    ],
    [
      'not-for-them',
      (round) => {
        // A change, while they were away, of what they saw then.
        const seen = framesOf(round).find(({ frame: one }) => one.row?.content === 'third')!
        const row = { ...seen.frame.row!, rev: 20 }
        round.entries.push({ ...answerOf(round, 'page'), rows: [row], page: null })
      },
    ],
    ['not-for-them', (round) => (answerOf(round, 'page').page!.join_seq += 2)],
    [
      'not-for-them',
      (round) => {
        const direct = framesOf(round).find(({ frame }) => frame.room === 2)!
        round.entries.push({ ...direct, n: 9_000, client: 'c3', user: 3 })
      },
    ],
    [
      'not-a-member',
      (round) => {
        const event = round.events.find(({ fields }) => fields['content'] === 'without two')!
        event.fields['user_id'] = 2
      },
    ],
    [
      'blocked',
      (round) => {
        const op = opOf(round, 'face to face')
        round.entries.push({ ...op, n: 9_000, done: 9_001, args: { content: 'anyway', cmid: 'm-anyway' } })
      },
    ],
  ],
  'what clients hold in the end': [
    ['diverged', (round) => round.states[0]!.rooms.pop()],
    ['diverged', (round) => round.states[0]!.rooms[0]!.rev--],
    ['diverged', (round) => round.states[0]!.rooms[0]!.rows.pop()],
    ['diverged', (round) => (round.states[0]!.rooms[0]!.rows[1]!.content = 'first')],
    ['diverged', (round) => round.states[0]!.rooms[0]!.rows[1]!.unread++],
    ['diverged', (round) => round.states[0]!.rooms[0]!.unread++],
    ['diverged', (round) => round.earlier.states[0]!.rooms[0]!.unread++],
    ['diverged', (round) => round.states[0]!.rooms[0]!.members.pop()],
    ['diverged', (round) => (round.states[0]!.rooms[0]!.members[0]!.role = 'member')],
    ['diverged', (round) => round.states[2]!.rooms.push({ ...round.states[0]!.rooms[1]! })],
    ['diverged', (round) => (viewOf(round, 3, 1).fact = null)],
  ],
}
