import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'

/**
 * For services that hold what belongs to people: when accounts are restored from an older copy, nobody new may get an id that one of them
 * still knows somebody by.
 */
export function reserveIdsHttp(app: App, { reserveIds }: Readonly<{ reserveIds(upTo: number): Promise<void> }>): void {
  app.post(
    '/internal/users/ids-in-use',
    operation({
      id: 'reserveIds',
      tag: 'internal',
      access: 'public',
      idempotent: false,
      summary: 'This service knows people up to this id',
      body: Type.Object(
        { highest_id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
        { examples: [{ highest_id: 100 }] },
      ),
      response: { 204: Empty },
    }),
    async (request, reply) => {
      await reserveIds(request.body.highest_id)
      return reply.code(204).send(null)
    },
  )
}
