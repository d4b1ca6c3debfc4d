import { commonErrors, operation, PageOf, principalOf, readCursor, type App } from '@bigtech/http'
import { encodeCursor } from '@bigtech/kernel'
import { Type } from 'typebox'
import { chatErrors } from '../../contract/errors.ts'
import { Id, SearchHitSchema } from '../../contract/schemas.ts'
import { searchMessages, type SearchPorts } from './search-messages.ts'

export function searchMessagesHttp(app: App, ports: SearchPorts): void {
  app.get(
    '/messages/search',
    operation({
      id: 'searchMessages',
      tag: 'messages',
      summary: 'Search your rooms, newest first, for messages and names of files that hold every word of the query',
      description:
        'Words may be parts of words, single syllables, symbols (`C++`) and emoji; case and accents make no difference, punctuation ' +
        'separates. A query without any word finds nothing.',
      querystring: Type.Object({
        q: Type.String({ minLength: 1, maxLength: 200, examples: ['안녕'] }),
        room_id: Type.Optional(Id),
        cursor: Type.Optional(Type.String({ maxLength: 500 })),
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
      }),
      response: { 200: PageOf(SearchHitSchema) },
      errors: [chatErrors.ROOM_NOT_FOUND, chatErrors.NOT_A_MEMBER],
    }),
    async (request) => {
      const { q, room_id, cursor, limit } = request.query
      const [before] = readCursor(cursor, ['string']) ?? []
      const found = await searchMessages(ports, {
        user_id: principalOf(request).user_id,
        q,
        limit,
        ...(room_id === undefined ? {} : { room_id }),
        ...(before === undefined ? {} : { before }),
      })
      if (!found) throw commonErrors.BAD_CURSOR()
      const { items, next } = found
      return { items, next_cursor: next === undefined ? null : encodeCursor([next]) }
    },
  )
}
