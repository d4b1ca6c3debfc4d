import {
  Empty,
  IdParams,
  languageOf,
  operation,
  PageOf,
  PageQuery,
  principalOf,
  readCursor,
  type App,
} from '@bigtech/http'
import { toPage, type Clock } from '@bigtech/kernel'
import { currentTraceparent } from '@bigtech/telemetry'
import { Type } from 'typebox'
import { EntrySchema } from '../../contract/entry-schemas.ts'
import { aiErrors } from '../../contract/errors.ts'
import { CareDataErased } from '../../contract/events.ts'
import { ENTRY_KINDS } from '../../contract/kinds.ts'
import type { EntryStore } from '../../ports.ts'
import type { Jobs } from '../hear-recording/hear-recording.ts'
import { viewEntry } from '../../views/entry.ts'

type Ports = Readonly<{ entries: EntryStore; jobs: Jobs; clock: Clock; notify(): void }>

/** What somebody handed in, for themselves alone; they need no consent to see or delete it. */
export function listEntriesHttp(app: App, { entries, jobs, clock, notify }: Ports): void {
  app.get(
    '/care/entries',
    operation({
      id: 'listEntries',
      tag: 'care',
      summary: 'What you handed in, the newest first',
      querystring: Type.Object({ ...PageQuery.properties, kind: Type.Optional(Type.Enum([...ENTRY_KINDS])) }),
      response: { 200: PageOf(EntrySchema) },
    }),
    async (request) => {
      const { cursor, limit, kind } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const { user_id } = principalOf(request)
      const rows = await entries.list({ user_id, kind, before, limit: limit + 1, now: clock.now() })
      const page = toPage(rows, limit, ({ id }) => [id])
      const language = languageOf(request.headers['accept-language'])
      return { ...page, items: page.items.map((entry) => viewEntry(entry, language)) }
    },
  )
  app.get(
    '/care/entries/:id',
    operation({
      id: 'getEntry',
      tag: 'care',
      summary: 'One of them',
      params: IdParams,
      response: { 200: EntrySchema },
      errors: [aiErrors.ENTRY_NOT_FOUND],
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const entry = await entries.one({ user_id, id: request.params.id, now: clock.now() })
      if (!entry) throw aiErrors.ENTRY_NOT_FOUND()
      return viewEntry(entry, languageOf(request.headers['accept-language']))
    },
  )
  app.delete(
    '/care/entries/:id',
    operation({
      id: 'deleteEntry',
      tag: 'care',
      summary: 'Delete one of them',
      params: IdParams,
      response: { 204: Empty },
      errors: [aiErrors.ENTRY_NOT_FOUND],
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const gone = await entries.forget({ user_id, id: request.params.id, now: clock.now() })
      if (!gone) throw aiErrors.ENTRY_NOT_FOUND()
      return reply.code(204).send(null)
    },
  )
  app.delete(
    '/care/entries',
    operation({
      id: 'deleteEntries',
      tag: 'care',
      summary: 'Delete all that you handed in, recordings that wait too',
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const now = clock.now()
      const event = CareDataErased.make({ user_id }, { now, traceparent: currentTraceparent() })
      await entries.forgetAll({ user_id, now, event })
      jobs.overOf(user_id)
      notify()
      return reply.code(204).send(null)
    },
  )
}
