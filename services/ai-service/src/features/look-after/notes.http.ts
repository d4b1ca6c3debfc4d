import { Empty, operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage, type Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { readerOf } from '../../access/reader.http.ts'
import { accessAsGuardian, accessSenior, type AccessPorts } from '../../access/senior.ts'
import { aiErrors } from '../../contract/errors.ts'
import { Id, NewNoteSchema, NoteSchema } from '../../contract/link-schemas.ts'
import { MOST_NOTES_A_DAY } from '../../domain/link.ts'
import type { NoteRow, WatchStore } from '../../link-ports.ts'

const Senior = Type.Object({ senior_id: Id })

const view = ({ created_at, ...note }: NoteRow) => ({ ...note, created_at: isoTime(created_at) })

/** What guardians note about a senior, who reads all of it. */
export function notesHttp(app: App, ports: AccessPorts & Readonly<{ watches: WatchStore; clock: Clock }>): void {
  const { watches, clock } = ports
  app.get(
    '/care/:senior_id/notes',
    operation({
      id: 'listCareNotes',
      tag: 'care',
      summary: 'What guardians noted about you, or about somebody you look after, the newest first',
      params: Senior,
      querystring: PageQuery,
      response: { 200: PageOf(NoteSchema) },
      errors: [aiErrors.SENIOR_NOT_FOUND],
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const { senior_id } = request.params
      const { cursor, limit } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const isSelf = (await accessSenior(ports, readerOf(request), senior_id)) === 'self'
      const rows = await watches.notes({ senior_id, before, limit: limit + 1 })
      const looked = { senior_id, guardian_id: user_id, what: 'notes', now: clock.now() } as const
      if (!isSelf && !(await watches.looks(looked))) throw aiErrors.SENIOR_NOT_FOUND()
      const page = toPage(rows, limit, ({ id }) => [id])
      return { ...page, items: page.items.map(view) }
    },
  )
  app.post(
    '/care/:senior_id/notes',
    operation({
      id: 'addCareNote',
      tag: 'care',
      // The kept answer would be a second copy, which nothing erases.
      idempotent: false,
      summary: 'Note something about somebody you look after; they and their other guardians read it',
      params: Senior,
      body: NewNoteSchema,
      response: { 201: NoteSchema },
      errors: [aiErrors.SENIOR_NOT_FOUND, aiErrors.TOO_MANY_CARE_NOTES],
    }),
    async (request, reply) => {
      const { user_id: guardian_id } = principalOf(request)
      const { senior_id } = request.params
      await accessAsGuardian(ports, readerOf(request), senior_id)
      const note = await watches.addNote({ senior_id, guardian_id, text: request.body.text, now: clock.now() })
      if ('refused' in note) throw aiErrors[note.refused]({ params: { limit: MOST_NOTES_A_DAY } })
      return reply.code(201).send(view(note))
    },
  )
  app.delete(
    '/care/:senior_id/notes/:id',
    operation({
      id: 'deleteCareNote',
      tag: 'care',
      summary: 'Delete a note that you wrote, or one about yourself',
      params: Type.Object({ senior_id: Id, id: Id }),
      response: { 204: Empty },
      errors: [aiErrors.SENIOR_NOT_FOUND, aiErrors.NOTE_NOT_FOUND],
    }),
    async (request, reply) => {
      const { user_id: by } = principalOf(request)
      const { senior_id, id } = request.params
      await accessSenior(ports, readerOf(request), senior_id)
      if (!(await watches.removeNote({ id, senior_id, by }))) throw aiErrors.NOTE_NOT_FOUND()
      return reply.code(204).send(null)
    },
  )
}
