import { operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage } from '@bigtech/kernel'
import { ReadSchema } from '../../contract/link-schemas.ts'
import type { WatchStore } from '../../link-ports.ts'

export function readsHttp(app: App, { watches }: Readonly<{ watches: Pick<WatchStore, 'reads'> }>): void {
  app.get(
    '/care/reads',
    operation({
      id: 'listCareReads',
      tag: 'care',
      summary: 'Which guardian looked at what of you, or was told, and when; the newest first',
      querystring: PageQuery,
      response: { 200: PageOf(ReadSchema) },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const rows = await watches.reads({ senior_id: principalOf(request).user_id, before, limit: limit + 1 })
      const page = toPage(rows, limit, ({ id }) => [id])
      return {
        ...page,
        items: page.items.map(({ id, reader_id, what, read_at }) => ({ id, reader_id, what, at: isoTime(read_at) })),
      }
    },
  )
}
