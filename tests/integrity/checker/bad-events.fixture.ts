import type { Round } from '../history/types.ts'
import { opOf, type Spoil } from './bad-histories.fixture.ts'

const eventOf = (round: Round, type: string) => round.events.find((event) => event.type === type)!

/** Events, what follows from them, and the server itself. */
export const BAD_EVENTS: Record<string, readonly [kind: string, spoil: Spoil][]> = {
  'events and their effects': [
    ['event-lost', (round) => void round.events.splice(round.events.indexOf(eventOf(round, 'MessageEdited')), 1)],
    ['event-twice', (round) => round.events.push({ ...eventOf(round, 'MessageEdited'), id: 'other', offset: 999 })],
    [
      'event-of-nothing',
      (round) => {
        const event = eventOf(round, 'MessageSent')
        round.events.push({ ...event, id: 'other', offset: 999, fields: { ...event.fields, rev: 999, seq: 999 } })
      },
    ],
    ['event-order', (round) => (eventOf(round, 'MessageSent').offset = 999)],
    ['event-content', (round) => (eventOf(round, 'MessageSent').fields['content'] = 'something else')],
    // It was edited since: nothing of it may be left.
    ['event-content', (round) => (eventOf(round, 'MessageEdited').fields['content'] = 'what was there before')],
    ['event-content', (round) => (eventOf(round, 'MessageReactionAdded').fields['emoji'] = '👎')],
    ['event-content', (round) => (eventOf(round, 'MessageReactionAdded').fields['author_id'] = 99)],
    ['event-content', (round) => (eventOf(round, 'MessageSent').fields['reply_to_user_id'] = 1)],
    [
      'event-content',
      (round) => {
        const event = eventOf(round, 'UserBlocked')
        round.events.push({ ...event, offset: 999, fields: { ...event.fields, blocked_user_id: 3 } })
      },
    ],
    ['event-lost', (round) => void round.events.splice(round.events.indexOf(eventOf(round, 'RoomMembersJoined')), 1)],
    ['event-twice', (round) => round.events.push({ ...eventOf(round, 'RoomMembersJoined'), id: 'other', offset: 999 })],
    [
      'event-order',
      (round) => {
        const [first, second] = round.events.filter(({ type }) => type === 'MessagesRead')
        Object.assign(second!.fields, first!.fields, { old_read_seq: 0, read_seq: 2 })
      },
    ],
    ['event-lost', (round) => void round.events.splice(round.events.indexOf(eventOf(round, 'UserBlocked')), 1)],
    ['event-order', (round) => round.events.push({ ...eventOf(round, 'UserBlocked'), id: 'other', offset: 999 })],
    ['event-lost', (round) => void round.events.splice(round.events.indexOf(eventOf(round, 'UserProfileUpdated')), 1)],
    ['effect-missing', (round) => (round.calm.blocks = [])],
    ['effect-missing', (round) => (round.calm.probes[0]!.outcome = 'ok')],
    ['effect-missing', (round) => (round.calm.names[2]!.chat = 'u3')],
    ['effect-missing', (round) => (round.calm.names[2]!.friend = 'u3')],
    ['effect-missing', (round) => (round.calm.closed!.status = 'closing')],
    ['effect-twice', (round) => round.events.push({ ...eventOf(round, 'UserClosed'), id: 'other', offset: 999 })],
    ['effect-twice', (round) => (round.calm.closed!.status = 'active')],
    ['not-handled', (round) => (round.calm.lag[0]!.lag = 3)],
    ['not-published', (round) => (round.calm.outbox[0]!.pending = 1)],
    ['not-published', (round) => (round.calm.outbox[0]!.parked = 1)],
    ['dead-letter', (round) => (round.calm.dead_letters = 1)],
  ],
  'the server': [
    ['server', (round) => round.troubles.push('it ended by itself')],
    ['server', (round) => Object.assign(opOf(round, 'fifth'), { outcome: 'unknown', status: 500 })],
  ],
}
