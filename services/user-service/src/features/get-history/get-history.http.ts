import { operation, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import type { ImageUrl } from '../../domain/public-events.ts'
import { replay } from '../../domain/user.ts'
import { refTo, UserIdParams } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import type { UserRecords } from '../../ports.ts'

const History = Type.Object({
  state: refTo(OwnProfile),
  version: Type.Integer({
    description:
      'number of events the account is made of; the first ones stand together as HistoryFolded when they are old',
  }),
  events: Type.Array(
    Type.Object({
      version: Type.Integer(),
      event_id: Type.String({ examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'] }),
      event_type: Type.String({ examples: ['UserProfileUpdated'] }),
      data: Type.Record(Type.String(), Type.Unknown(), { examples: [{ display_name: '테스트 유저' }] }),
      occurred_at: Type.String({ format: 'date-time' }),
    }),
  ),
})

export function getHistoryHttp(
  app: App,
  ports: { store: { users: Pick<UserRecords, 'stream'> }; imageUrl: ImageUrl },
): void {
  app.get(
    '/users/:id/history',
    operation({
      id: 'getUserHistory',
      tag: 'users',
      access: 'admin',
      summary: 'An account as it was at a time, replayed from its events',
      params: UserIdParams,
      querystring: Type.Object({
        at: Type.Optional(
          Type.String({ format: 'date-time', description: 'default: now', examples: ['2026-01-27T10:00:00Z'] }),
        ),
      }),
      response: { 200: History },
      errors: [userErrors.USER_NOT_FOUND, userErrors.HISTORY_NOT_KEPT],
    }),
    async (request) => {
      const { id } = request.params
      const { at } = request.query
      const stream = await ports.store.users.stream(id, at === undefined ? {} : { until: Date.parse(at) })
      const state = replay(id, stream)
      if (!state) {
        const [first] = at === undefined ? [] : await ports.store.users.stream(id)
        throw first?.event.type === 'HistoryFolded' ? userErrors.HISTORY_NOT_KEPT() : userErrors.USER_NOT_FOUND()
      }
      const events = stream.map(({ version, event_id, event, at }) => ({
        version,
        event_id,
        event_type: event.type,
        data: { ...event.data },
        occurred_at: isoTime(at),
      }))
      return { state: ownProfile(state, ports.imageUrl), version: events.at(-1)!.version, events }
    },
  )
}
