import { pruneInbox } from '@bigtech/messaging'
import { transaction } from '@bigtech/sql'
import { DAY_MS } from '../../domain/alert-rules.ts'
import { MOST_NOTES_A_DAY } from '../../domain/link.ts'
import type { NoteRow, WatchStore } from '../../link-ports.ts'
import { countMade, noteAbout, pruneMade } from './made.ts'
import { lockPeople } from './people-lock.ts'
import { auditRead } from './reads.ts'
import type { Db } from './schema.ts'
import { isShared } from './shares.ts'

const NOTE = ['id', 'senior_id', 'author_id', 'text', 'created_at'] as const
/** Of what has ended, and of what was told. */
const KEPT_MS = 90 * DAY_MS
/** Of who has looked at what. */
const AUDIT_MS = 365 * DAY_MS

/** Rows of SQLite have no prototype. */
const plain = <T extends object>(row: T): T => ({ ...row })

export function createSqlWatchStore(db: Db): WatchStore {
  return {
    looks: ({ what, now, ...pair }) =>
      transaction(db, async (trx) => {
        await lockPeople(trx, [pair.senior_id])
        if (!(await isShared(trx, pair, 'guardian'))) return false
        await auditRead(trx, { senior_id: pair.senior_id, reader_id: pair.guardian_id, what, now })
        return true
      }),

    async reads({ senior_id, before, limit }) {
      const rows = await db
        .selectFrom('care_reads')
        .select(['id', 'reader_id', 'what', 'read_at'])
        .where('senior_id', '=', senior_id)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(plain)
    },

    addNote: ({ senior_id, guardian_id, text, now }) =>
      transaction(db, async (trx) => {
        await lockPeople(trx, [senior_id])
        if (!(await isShared(trx, { senior_id, guardian_id }, 'guardian')))
          return { refused: 'SENIOR_NOT_FOUND' as const }
        const made = { user_id: guardian_id, what: noteAbout(senior_id), most: MOST_NOTES_A_DAY, now }
        if (!(await countMade(trx, made))) return { refused: 'TOO_MANY_CARE_NOTES' as const }
        const row = { senior_id, author_id: guardian_id, text, created_at: now }
        const { insertId } = await trx.insertInto('care_notes').values(row).executeTakeFirstOrThrow()
        return { id: Number(insertId), ...row }
      }),

    async notes({ senior_id, before, limit }) {
      const rows = await db
        .selectFrom('care_notes')
        .select(NOTE)
        .where('senior_id', '=', senior_id)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row): NoteRow => plain(row))
    },

    async removeNote({ id, senior_id, by }) {
      const { numDeletedRows } = await db
        .deleteFrom('care_notes')
        .where('id', '=', id)
        .where('senior_id', '=', senior_id)
        .$if(by !== senior_id, (query) => query.where('author_id', '=', by))
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    async notesBy(authorId) {
      const rows = await db
        .selectFrom('care_notes')
        .select(NOTE)
        .where('author_id', '=', authorId)
        .orderBy('id', 'desc')
        .execute()
      return rows.map((row): NoteRow => plain(row))
    },

    async prune(now) {
      await db
        .deleteFrom('care_links')
        .where('ended_at', '<', now - KEPT_MS)
        .execute()
      await db
        .deleteFrom('care_alerts')
        .where('raised_at', '<', now - KEPT_MS)
        .execute()
      await db
        .deleteFrom('care_reads')
        .where('read_at', '<', now - AUDIT_MS)
        .execute()
      await pruneMade(db, now)
      await pruneInbox(db, { now })
    },
  }
}
