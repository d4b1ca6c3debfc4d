import { integerField, textField, type StoredRecord } from '@bigtech/messaging'
import { keptTrace } from '@bigtech/telemetry'
import { tellOfChange } from '../../access/inbox-frames.ts'
import { keepNotes, PATIENCE_MS, type NotePorts } from '../../access/keep-notes.ts'
import { mentionNote, replyNote, type Note } from '../../domain/note.ts'
import { roomTag } from '../../domain/payload.ts'
import type { DueRoom, PushStore, Rooms } from '../../ports.ts'
import { integersField, optionalInteger, placeOf } from '../note-events/note-events.consumer.ts'
import { collect } from './collect.ts'

export type MessagePorts = NotePorts & {
  pushes: PushStore
  rooms: Rooms
}

/** What comes in this time, of all partitions, is written at once; ms. Of the two seconds until somebody is told it is little. */
const COLLECT_MS = 100
const ENOUGH = 250

type Position = Readonly<{ user_id: number; room_id: number; read_seq: number }>
type Noted = Readonly<{ room: DueRoom } | { position: Position }>

/**
 * New messages and read positions, many at once: a busy room costs one row, whatever is written in it. Repeats change nothing: a room that is due is
 * due, and who has read is not told.
 */
export function createMessageNotes(ports: MessagePorts) {
  const { notes, pushes, clock } = ports

  /** Mentions and replies go into lists. */
  async function keepCalls(record: StoredRecord): Promise<void> {
    const place = placeOf(record)
    const called = new Set(integersField(record, 'mentions'))
    if (record.value['mentions_everyone'] === true) {
      const audience = await ports.rooms.audience(place.room_id, place.seq - 1)
      for (const { user_id, read_seq, join_seq } of audience?.members ?? [])
        if (read_seq < place.seq && join_seq < place.seq) called.add(user_id)
    }
    const those: Note[] = [...called].map((user) => mentionNote(user, place))
    const author = optionalInteger(record, 'reply_to_user_id')
    if (author !== null && !called.has(author)) those.push(replyNote(author, place))
    await keepNotes(ports, { event_id: record.value.event_id, now: clock.now() }, those)
  }

  async function keep(noted: readonly Noted[]): Promise<void> {
    const now = clock.now()
    const rooms = noted.flatMap((one) => ('room' in one ? [one.room] : []))
    const positions = noted.flatMap((one) => ('position' in one ? [one.position] : []))
    if (rooms.length > 0) await pushes.messagesCame(rooms, now + PATIENCE_MS)
    await tellOfChange(ports, await notes.readRooms(positions, now))
    await pushes.readRooms(positions, (roomId) => ({ tag: roomTag(roomId), link: `/rooms/${roomId}` }), now)
  }
  const keepSoon = collect(keep, { ms: COLLECT_MS, enough: ENOUGH })

  return {
    types: ['MessageSent', 'MessagesRead'],
    /** @param when `soon`: with what others bring within `COLLECT_MS` */
    async handle(records: readonly StoredRecord[], when: 'now' | 'soon'): Promise<void> {
      const due = new Map<number, DueRoom>()
      const reads = new Map<string, Position>()
      const read = (user_id: number, room_id: number, read_seq: number) => {
        const key = `${user_id}/${room_id}`
        if ((reads.get(key)?.read_seq ?? 0) < read_seq) reads.set(key, { user_id, room_id, read_seq })
      }
      for (const record of records) {
        const room_id = integerField(record, 'room_id')
        const user_id = integerField(record, 'user_id')
        if (record.value.event_type === 'MessagesRead') {
          read(user_id, room_id, integerField(record, 'read_seq'))
          continue
        }
        const seq = integerField(record, 'seq')
        // Sending is reading.
        read(user_id, room_id, seq)
        // Members are told of what is said, not of who came and went.
        if (textField(record, 'message_type') === 'system') continue
        await keepCalls(record)
        const known = due.get(room_id)
        due.set(room_id, {
          room_id,
          after_seq: Math.min(seq - 1, known?.after_seq ?? Infinity),
          last_seq: Math.max(seq, known?.last_seq ?? 0),
          trace: keptTrace(record),
        })
      }
      const noted: Noted[] = [
        ...[...due.values()].map((room) => ({ room })),
        ...[...reads.values()].map((position) => ({ position })),
      ]
      await (when === 'soon' ? keepSoon(noted) : keep(noted))
    },
  }
}
