import type { Insertable, Selectable } from 'kysely'
import { calledBy } from '../../domain/mention.ts'
import type { MessageRow } from '../../domain/message.ts'
import { DEFAULT_SETTINGS } from '../../domain/room.ts'
import { settingsIn, upgrade, type ChatDocument, type ChatEntry, type NewMember } from '../partition/entries.ts'
import { fromSettings, toMentions } from './rows.ts'
import type { MessageTables, PeopleTables, RoomTables } from './tables.ts'

export type RoomRow = RoomTables['rooms']
export type MemberRow = Selectable<RoomTables['members']>
export type FormerRow = RoomTables['former_members']
export type InvitationRow = RoomTables['invitations']
export type StoredMessage = Insertable<MessageTables['messages']>
export type StaleText = MessageTables['search_stale']
export type Attachment = PeopleTables['attachments']

type Called = MessageTables['mentioned']

/** Of a message that is changed: when it was sent, and what it said until now. */
export type Before = Pick<StoredMessage, 'room_id' | 'seq' | 'sent_log_at' | 'content'> & {
  file: string | null
  mentions?: string | null | undefined
}

/** What is in the tables of all that documents tell of. */
export type Known = Readonly<{
  rooms: readonly RoomRow[]
  members: readonly MemberRow[]
  invitations: readonly InvitationRow[]
  messages: readonly Before[]
}>

/** Rows to be read before documents can be applied. */
export type Needed = Readonly<{
  rooms: readonly number[]
  members: readonly Readonly<{ room_id: number; user_id: number }>[]
  invitations: readonly Readonly<{ room_id: number; user_id: number }>[]
  messages: readonly Readonly<{ room_id: number; seq: number }>[]
}>

export const key = (roomId: number, other: number | string): string => `${roomId}/${other}`

/** Rows of a table by what is their key there. */
class Rows<Row, Place extends Partial<Row> = Row> {
  readonly #rows = new Map<string, Row>()
  readonly #written = new Map<string, Row>()
  readonly #gone = new Map<string, Place>()

  know(at: string, row: Row): void {
    this.#rows.set(at, row)
  }
  get(at: string): Row | undefined {
    return this.#rows.get(at)
  }
  put(at: string, row: Row): void {
    this.#rows.set(at, row)
    this.#written.set(at, row)
    this.#gone.delete(at)
  }
  change(at: string, values: Partial<Row>): void {
    const row = this.#rows.get(at)
    if (row) this.put(at, { ...row, ...values })
  }
  remove(at: string, place: Place): void {
    this.#rows.delete(at)
    this.#written.delete(at)
    this.#gone.set(at, place)
  }
  get written(): Row[] {
    return [...this.#written.values()]
  }
  get gone(): Place[] {
    return [...this.#gone.values()]
  }
}

type OfMember = { room_id: number; user_id: number }

/**
 * The tables as they are after some documents, as far as these change them. Columns are named one by one: an entry may have a field more, of a newer
 * process, and there is no column of its name.
 */
export class Changes {
  readonly rooms = new Rows<RoomRow>()
  readonly members = new Rows<MemberRow, OfMember>()
  readonly former = new Rows<FormerRow, OfMember>()
  readonly invitations = new Rows<InvitationRow, OfMember>()
  readonly messages = new Rows<StoredMessage>()
  readonly pins = new Rows<{ room_id: number; seq: number }>()
  readonly uncounted = new Rows<{ room_id: number; seq: number }>()
  readonly mentioned = new Rows<Called>()
  readonly attachments = new Rows<Attachment>()
  readonly stale: StaleText[] = []
  /** Messages that are new, by their places; and of those that say something else now the revision that did it. */
  readonly said = new Set<string>()
  readonly textRevs = new Map<string, number>()
  readonly #before = new Map<string, Before>()

  constructor(known: Known) {
    for (const row of known.rooms) this.rooms.know(String(row.id), row)
    for (const row of known.members) this.members.know(key(row.room_id, row.user_id), row)
    for (const row of known.invitations) this.invitations.know(key(row.room_id, row.user_id), row)
    for (const row of known.messages) this.#before.set(key(row.room_id, row.seq), row)
  }

  /** @throws when entries of a room before this one are missing */
  take(document: ChatDocument): void {
    for (const entry of document.entries) this.#entry(entry, document)
  }

  #entry(entry: ChatEntry, { p, at }: ChatDocument): void {
    const { room: room_id, f } = entry
    const body = upgrade(entry.body)
    const before = this.rooms.get(String(room_id))?.f ?? 0
    if (f <= before) return
    if (f > before + 1) throw new Error(`room ${room_id}: entry ${f} comes after ${before}`)
    const member = (user_id: number) => key(room_id, user_id)
    const head = (values: Partial<RoomRow>) => this.rooms.change(String(room_id), { f, ...values })
    switch (body.kind) {
      case 'created': {
        const { type, name, created_by, created_at } = body.room
        this.rooms.put(String(room_id), {
          id: room_id,
          type,
          name,
          created_by,
          created_at,
          p,
          f,
          last_seq: 0,
          rev: 0,
          member_count: body.members.length,
          last_activity_at: created_at,
          log_at: at,
          invite_code: null,
          invite_expires_at: null,
        })
        return this.#join(room_id, body.members, f, at)
      }
      case 'message': {
        const { row, reads, shown, sets } = body
        const name = sets?.name === undefined ? {} : { name: sets.name }
        head({ last_seq: row.seq, rev: row.rev, last_activity_at: body.last_activity_at, log_at: at, ...name })
        if (reads) this.members.change(member(row.user_id), { read_seq: row.seq, read_log_at: at })
        for (const user of shown) this.members.change(member(user), { hidden: 0 })
        for (const { user_id, role } of sets?.roles ?? []) this.members.change(member(user_id), { role })
        this.said.add(key(room_id, row.seq))
        this.textRevs.set(key(room_id, row.seq), row.rev)
        return this.#message(row, at, at)
      }
      case 'changed': {
        const { row, change } = body
        head({ rev: row.rev, log_at: at })
        const place = key(room_id, row.seq)
        const earlier = this.#before.get(place)
        if (!earlier) throw new Error(`room ${room_id}: message ${row.seq} was changed, and is not there`)
        const { content, file, sent_log_at } = earlier
        if (change === 'edit' || change === 'delete') {
          this.stale.push({ room_id, seq: row.seq, rev: row.rev, content, file })
          this.textRevs.set(place, row.rev)
        }
        if (body.detached !== null) {
          const attachment = { file_id: body.detached, room_id, seq: row.seq }
          this.attachments.remove(key(room_id, `${row.seq}/${body.detached}`), attachment)
        }
        if (row.pinned_at !== null) this.pins.put(place, { room_id, seq: row.seq })
        else this.pins.remove(place, { room_id, seq: row.seq })
        return this.#message(row, at, sent_log_at)
      }
      case 'read':
        head({ log_at: at })
        return this.members.change(member(body.user_id), { read_seq: body.read_seq, read_log_at: at })
      case 'joined':
        head({ member_count: body.member_count, log_at: at })
        for (const { user_id } of body.members) this.former.remove(member(user_id), { room_id, user_id })
        this.#withdraw(
          room_id,
          body.members.map(({ user_id }) => user_id),
        )
        return this.#join(room_id, body.members, f, at)
      case 'left': {
        const { user_id, via, member_count, withdrawn } = body
        head({ member_count, log_at: at })
        this.members.remove(member(user_id), { room_id, user_id })
        this.former.put(member(user_id), { user_id, room_id, left_log_at: at, via })
        return this.#withdraw(room_id, withdrawn)
      }
      case 'settings': {
        const { user_id, hidden, join_seq } = body
        head({ log_at: at })
        const values = { ...fromSettings(settingsIn(body)), hidden: Number(hidden), join_seq, settings_log_at: at }
        return this.members.change(member(user_id), values)
      }
      // Nobody is told of these: they are not what somebody has missed.
      case 'invited':
        head({})
        for (const { user_id, invited_by, created_at } of body.invitations)
          this.invitations.put(member(user_id), { user_id, room_id, invited_by, created_at, declined_at: null })
        return
      case 'declined':
        head({})
        return this.invitations.change(member(body.user_id), { declined_at: body.declined_at })
      case 'withdrawn':
        head({})
        return this.#withdraw(room_id, body.user_ids)
      case 'link':
        return head({ invite_code: body.code, invite_expires_at: body.expires_at })
    }
  }

  #join(room_id: number, members: readonly NewMember[], f: number, at: number): void {
    for (const { user_id, role, join_seq, joined_at, read_seq } of members) {
      const place = key(room_id, user_id)
      const of = { room_id, user_id, role, join_seq, joined_at, read_seq }
      const since = { join_f: f, join_log_at: at, read_log_at: 0, settings_log_at: 0 }
      this.members.put(place, { ...of, ...since, ...fromSettings(DEFAULT_SETTINGS), hidden: 0 })
    }
  }

  #withdraw(room_id: number, userIds: readonly number[]): void {
    for (const user_id of userIds) this.invitations.remove(key(room_id, user_id), { room_id, user_id })
  }

  #message(row: MessageRow, log_at: number, sent_log_at: number): void {
    const { room_id, seq } = row
    const place = key(room_id, seq)
    const stored = {
      room_id,
      seq,
      rev: row.rev,
      log_at,
      sent_log_at,
      user_id: row.user_id,
      message_type: row.message_type,
      content: row.content,
      reply_to: row.reply_to,
      created_at: row.created_at,
      edited_at: row.edited_at,
      deleted_at: row.deleted_at,
      pinned_at: row.pinned_at,
      pinned_by: row.pinned_by,
      client_message_id: row.client_message_id === null ? null : Buffer.from(row.client_message_id),
      file: row.file && JSON.stringify(row.file),
      system: row.system && JSON.stringify(row.system),
      reactions: Object.keys(row.reactions).length > 0 ? JSON.stringify(row.reactions) : null,
      mentions: row.mentions.length > 0 ? JSON.stringify(row.mentions) : null,
    } satisfies StoredMessage
    for (const user_id of calledBy(toMentions(this.#before.get(place)?.mentions)))
      this.mentioned.remove(key(room_id, `${seq}/${user_id}`), { room_id, user_id, seq })
    for (const user_id of calledBy(row.mentions))
      this.mentioned.put(key(room_id, `${seq}/${user_id}`), { room_id, user_id, seq })
    this.messages.put(place, stored)
    this.#before.set(place, stored)
    if (row.message_type === 'system' || row.deleted_at !== null) this.uncounted.put(place, { room_id, seq })
    if (row.file) this.attachments.put(key(room_id, `${seq}/${row.file.id}`), { file_id: row.file.id, room_id, seq })
  }
}

export function neededBy(documents: readonly ChatDocument[]): Needed {
  const rooms = new Set<number>()
  const members = new Map<string, { room_id: number; user_id: number }>()
  const invitations = new Map<string, { room_id: number; user_id: number }>()
  const messages = new Map<string, { room_id: number; seq: number }>()
  for (const { room: room_id, body } of documents.flatMap(({ entries }) => entries)) {
    const member = (user_id: number) => void members.set(key(room_id, user_id), { room_id, user_id })
    rooms.add(room_id)
    if (body.kind === 'message') {
      if (body.reads) member(body.row.user_id)
      for (const user of body.shown) member(user)
      for (const { user_id } of body.sets?.roles ?? []) member(user_id)
    } else if (body.kind === 'changed') messages.set(key(room_id, body.row.seq), { room_id, seq: body.row.seq })
    else if (body.kind === 'read' || body.kind === 'settings') member(body.user_id)
    else if (body.kind === 'declined') invitations.set(key(room_id, body.user_id), { room_id, user_id: body.user_id })
  }
  return {
    rooms: [...rooms],
    members: [...members.values()],
    invitations: [...invitations.values()],
    messages: [...messages.values()],
  }
}
