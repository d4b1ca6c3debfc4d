import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { headsOf } from '@bigtech/partition-log'
import { calledBy } from '../../domain/mention.ts'
import type { MessageRow } from '../../domain/message.ts'
import { directKey } from '../../domain/room.ts'
import { fromMentions } from '../sqlite/rows.ts'
import { settingsIn, upgrade, type ChatDocument, type ChatEntry, type Left, type NewMember } from './entries.ts'

/** What the tables of the embedded store do not have. `pos` is the `at` of a document here. */
export const MORE_TABLES = `
  ALTER TABLE rooms ADD COLUMN f INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rooms ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE members ADD COLUMN join_f INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE partition_positions (p INTEGER PRIMARY KEY, n INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE directory (id INTEGER PRIMARY KEY AUTOINCREMENT, direct_key TEXT UNIQUE);
`

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** Applies documents to the tables of the embedded store, a document in a transaction. */
export function createApply(db: DatabaseSync): (p: number, documents: readonly ChatDocument[]) => void {
  const run = (sql: string, ...values: SQLInputValue[]) => void db.prepare(sql).run(...values)

  const join = (room: number, f: number, at: number, members: readonly NewMember[]) => {
    for (const { user_id, role, join_seq, joined_at, read_seq } of members) {
      run(
        'INSERT INTO members (room_id, user_id, role, join_seq, join_pos, joined_at, read_seq, join_f) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        room,
        user_id,
        role,
        join_seq,
        at,
        joined_at,
        read_seq,
        f,
      )
      run('DELETE FROM former_members WHERE user_id = ? AND room_id = ?', user_id, room)
      run('DELETE FROM invitations WHERE user_id = ? AND room_id = ?', user_id, room)
    }
  }

  const say = (row: MessageRow, at: number) => {
    const { room_id, seq, rev, user_id, message_type, content, client_message_id, reply_to, file, system } = row
    run(
      `INSERT INTO messages (room_id, seq, rev, pos, user_id, message_type, content, client_message_id, reply_to, file, system, mentions, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      room_id,
      seq,
      rev,
      at,
      user_id,
      message_type,
      content,
      client_message_id,
      reply_to,
      json(file),
      json(system),
      fromMentions(row.mentions),
      row.created_at,
    )
    call(row)
    if (!file) return
    run('INSERT INTO attachments VALUES (?, ?, ?)', file.id, room_id, seq)
    count(file.id)
  }

  const count = (fileId: string) =>
    run('UPDATE files SET attachments = (SELECT count(*) FROM attachments WHERE file_id = id) WHERE id = ?', fileId)

  const call = ({ room_id, seq, mentions }: MessageRow) => {
    run('DELETE FROM mentioned WHERE room_id = ? AND seq = ?', room_id, seq)
    for (const user of calledBy(mentions)) run('INSERT INTO mentioned VALUES (?, ?, ?)', room_id, user, seq)
  }

  const change = (row: MessageRow, at: number) => {
    call(row)
    run(
      `UPDATE messages SET first_rev = coalesce(first_rev, rev), rev = ?, pos = ?, content = ?, file = ?, reactions = ?, mentions = ?, edited_at = ?,
       deleted_at = ?, pinned_at = ?, pinned_by = ? WHERE room_id = ? AND seq = ?`,
      row.rev,
      at,
      row.content,
      json(row.file),
      Object.keys(row.reactions).length > 0 ? JSON.stringify(row.reactions) : null,
      fromMentions(row.mentions),
      row.edited_at,
      row.deleted_at,
      row.pinned_at,
      row.pinned_by,
      row.room_id,
      row.seq,
    )
  }

  const leave = (room: number, at: number, { user_id, via, member_count, withdrawn }: Left) => {
    run('DELETE FROM members WHERE room_id = ? AND user_id = ?', room, user_id)
    run('UPDATE rooms SET member_count = ? WHERE id = ?', member_count, room)
    const former = 'INSERT OR REPLACE INTO former_members (user_id, room_id, left_pos, via) VALUES (?, ?, ?, ?)'
    run(former, user_id, room, at, via)
    for (const user of withdrawn) run('DELETE FROM invitations WHERE user_id = ? AND room_id = ?', user, room)
  }

  const write = ({ room, f, body }: ChatEntry, at: number): void => {
    const entry = upgrade(body)
    switch (entry.kind) {
      case 'created': {
        const { type, name, created_by, created_at } = entry.room
        const [a, b] = entry.members.map(({ user_id }) => user_id)
        run(
          `INSERT INTO rooms (id, type, name, direct_key, created_by, created_at, member_count, last_activity_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          room,
          type,
          name,
          type === 'direct' ? directKey(a!, b!) : null,
          created_by,
          created_at,
          entry.members.length,
          created_at,
        )
        return join(room, f, at, entry.members)
      }
      case 'message': {
        const { row, reads, shown, sets, last_activity_at } = entry
        say(row, at)
        const { seq, rev, user_id } = row
        run(
          'UPDATE rooms SET last_seq = ?, rev = ?, last_activity_at = ? WHERE id = ?',
          seq,
          rev,
          last_activity_at,
          room,
        )
        const read = 'UPDATE members SET read_seq = ?, read_pos = ? WHERE room_id = ? AND user_id = ?'
        if (reads) run(read, seq, at, room, user_id)
        for (const user of shown) run('UPDATE members SET hidden = 0 WHERE room_id = ? AND user_id = ?', room, user)
        if (sets?.name !== undefined) run('UPDATE rooms SET name = ? WHERE id = ?', sets.name, room)
        for (const { user_id: whose, role } of sets?.roles ?? [])
          run('UPDATE members SET role = ? WHERE room_id = ? AND user_id = ?', role, room, whose)
        return
      }
      case 'changed':
        change(entry.row, at)
        run('UPDATE rooms SET rev = ? WHERE id = ?', entry.row.rev, room)
        if (entry.detached === null) return
        run('DELETE FROM attachments WHERE room_id = ? AND seq = ?', room, entry.row.seq)
        return count(entry.detached)
      case 'read':
        return run(
          'UPDATE members SET read_seq = ?, read_pos = ? WHERE room_id = ? AND user_id = ?',
          entry.read_seq,
          at,
          room,
          entry.user_id,
        )
      case 'joined':
        run('UPDATE rooms SET member_count = ? WHERE id = ?', entry.member_count, room)
        return join(room, f, at, entry.members)
      case 'left':
        return leave(room, at, entry)
      case 'settings':
        return run(
          'UPDATE members SET notify = ?, muted_until = ?, hidden = ?, join_seq = ?, settings_pos = ? WHERE room_id = ? AND user_id = ?',
          settingsIn(entry).notify,
          settingsIn(entry).muted_until,
          Number(entry.hidden),
          entry.join_seq,
          at,
          room,
          entry.user_id,
        )
      case 'invited':
        for (const { user_id, invited_by, created_at } of entry.invitations)
          run(
            'INSERT OR REPLACE INTO invitations (user_id, room_id, invited_by, created_at) VALUES (?, ?, ?, ?)',
            user_id,
            room,
            invited_by,
            created_at,
          )
        return
      case 'declined':
        return run(
          'UPDATE invitations SET declined_at = ? WHERE user_id = ? AND room_id = ?',
          entry.declined_at,
          entry.user_id,
          room,
        )
      case 'withdrawn':
        for (const user of entry.user_ids) run('DELETE FROM invitations WHERE user_id = ? AND room_id = ?', user, room)
        return
      case 'link':
        run('UPDATE rooms SET invite_code = ?, invite_expires_at = ? WHERE id = ?', entry.code, entry.expires_at, room)
    }
  }

  return (p, documents) => {
    for (const document of documents) {
      const { n, at, entries } = document
      const applied = Number(db.prepare('SELECT n FROM partition_positions WHERE p = ?').get(p)!['n'])
      if (n <= applied) continue
      if (n !== applied + 1) throw new Error(`document ${p}/${n} is to be applied after ${applied}`)
      db.exec('BEGIN')
      try {
        for (const entry of entries) write(entry, at)
        for (const [room, f] of headsOf(document))
          run('UPDATE rooms SET f = ?, n = ?, last_pos = ? WHERE id = ?', f, n, at, room)
        run('UPDATE partition_positions SET n = ?, at = ? WHERE p = ?', n, at, p)
        db.exec('COMMIT')
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    }
  }
}
