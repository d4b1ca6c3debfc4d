import type { Device, PushFact, Told } from '../history/effects.ts'
import type { FaultName, Op, Round } from '../history/types.ts'
import { opOf, type Spoil } from './bad-histories.fixture.ts'
import { AUDITOR, GUEST } from './world.fixture.ts'

const LATE = 100_000
const none = { n: LATE, at: 100, room: null, seq: null }
const device = (user: number): Device => ({ name: `d${user}`, user, refused: [] })
const ofNote = (user: number, id: number, kind: string): PushFact => ({
  ...none,
  device: `d${user}`,
  tag: `note:${id}`,
  kind,
})
const ofRoom = (user: number, seq: number, kind = 'message'): PushFact => {
  return { ...none, device: `d${user}`, tag: 'room:1', kind, room: 1, seq }
}

/** What the good round tells devices. Person 3 has read what called them; who reads everything acts never, so the latest of the room stays. */
export const goodTold = (called: number): Told => ({
  devices: [1, 2, 3, GUEST, AUDITOR].map(device),
  pushes: [
    ofNote(1, 1, 'reaction'),
    ofNote(1, 2, 'friend_request'),
    ofNote(2, 3, 'reaction'),
    // It was taken back.
    ofNote(1, 4, 'friend_request'),
    ofNote(1, 4, 'close'),
    ofRoom(3, called, 'mention'),
    { ...ofRoom(3, called, 'close'), seq: null },
    ofRoom(AUDITOR, called),
  ],
  goneFrom: { user: GUEST, n: LATE - 1 },
})

const toldIn = ({ calm }: Round): Told => calm.told!
const pushOf = (round: Round, user: number, kind: string): PushFact =>
  toldIn(round).pushes.find((push) => push.device === `d${user}` && push.kind === kind)!
const drop = (round: Round, push: PushFact) => void toldIn(round).pushes.splice(toldIn(round).pushes.indexOf(push), 1)
const add = (round: Round, ...pushes: PushFact[]) => void toldIn(round).pushes.push(...pushes)
const refuse = (round: Round, user: number, kind: string) =>
  void (toldIn(round).devices.find((one) => one.user === user)!.refused = [kind])
const seqOf = (round: Round, content: string) => opOf(round, content).answer.seq!
const wish = (round: Round, user: number, notify: string) =>
  round.views.filter((view) => view.user === user).forEach(({ fact }) => fact && (fact.notify = notify))

/** What devices are told. */
export const BAD_PUSHES: Record<string, readonly [kind: string, spoil: Spoil][]> = {
  'what devices are told': [
    ['effect-missing', (round) => drop(round, pushOf(round, AUDITOR, 'message'))],
    // Of an older one only.
    ['effect-missing', (round) => (pushOf(round, AUDITOR, 'message').seq = seqOf(round, 'fifth'))],
    ['effect-missing', (round) => add(round, { ...ofRoom(AUDITOR, 0, 'close'), seq: null })],
    ['effect-missing', (round) => drop(round, pushOf(round, 3, 'close'))],
    ['effect-missing', (round) => drop(round, pushOf(round, 1, 'friend_request'))],
    // Nobody has read it, nor taken it back.
    ['effect-missing', (round) => add(round, ofNote(1, 2, 'close'))],
    // The note has something new since.
    ['effect-missing', (round) => (pushOf(round, 2, 'reaction').at = 99)],
    ['effect-twice', (round) => add(round, { ...ofNote(2, 3, 'reaction'), at: 99 })],
    ['effect-of-nothing', (round) => add(round, ofNote(2, 77, 'mention'))],
    ['effect-of-nothing', (round) => (pushOf(round, 1, 'reaction').kind = 'invited')],
    ['effect-of-nothing', (round) => refuse(round, 1, 'reaction')],
    ['effect-of-nothing', (round) => (pushOf(round, 3, 'mention').kind = 'message')],
    ['effect-of-nothing', (round) => add(round, ofRoom(1, seqOf(round, 'fourth')))],
    ['effect-of-nothing', (round) => add(round, ofRoom(AUDITOR, 999))],
    ['effect-of-nothing', (round) => wish(round, AUDITOR, 'none')],
    ['effect-of-nothing', (round) => wish(round, AUDITOR, 'mentions')],
    // They had left, and came back later.
    ['not-for-them', (round) => add(round, ofRoom(2, seqOf(round, 'without two')))],
    // Their account is closed.
    ['not-for-them', (round) => add(round, ofRoom(GUEST, seqOf(round, 'first')))],
    // They have blocked the author, which everybody knows.
    [
      'effect-of-nothing',
      (round) => {
        const op: Op = { ...opOf(round, '@three'), client: 'probe-1' }
        round.entries.push(op)
        add(round, ofRoom(2, op.answer.seq!))
      },
    ],
  ],
}

/** What comes to the devices of a run. */
export const BAD_TELLINGS: readonly { what: string; told: PushFact[]; faults: FaultName[]; isBad: boolean }[] = [
  { what: 'a close comes twice', told: [ofRoom(1, 0, 'close'), ofRoom(1, 0, 'close')], faults: [], isBad: false },
  {
    what: 'the next message is told',
    told: [ofRoom(1, 4), { ...ofRoom(1, 5), at: 200 }],
    faults: [],
    isBad: false,
  },
  {
    what: 'a message is told again at another time, whatever happened',
    told: [ofRoom(1, 4), { ...ofRoom(1, 4), at: 200 }],
    faults: ['kill'],
    isBad: true,
  },
  { what: 'the same comes twice after a kill', told: [ofRoom(1, 4), ofRoom(1, 4)], faults: ['kill'], isBad: false },
  { what: 'the same comes twice', told: [ofRoom(1, 4), ofRoom(1, 4)], faults: ['freeze'], isBad: true },
  {
    what: 'a backup that was put back has forgotten what was told',
    told: [
      { ...ofRoom(1, 4), n: 5 },
      { ...ofRoom(1, 4), at: 200 },
    ],
    faults: ['restore'],
    isBad: false,
  },
]
