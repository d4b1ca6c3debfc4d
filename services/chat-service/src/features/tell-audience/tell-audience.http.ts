import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { AudienceSchema } from '../../contract/audience.ts'
import { chatErrors } from '../../contract/errors.ts'
import { RoomParams, Seq } from '../../contract/schemas.ts'
import { tellAudience, type AudiencePorts } from './tell-audience.ts'

/** For services that tell people of messages. */
export function tellAudienceHttp(app: App, ports: AudiencePorts): void {
  app.get(
    '/internal/rooms/:room_id/audience',
    operation({
      id: 'roomAudience',
      tag: 'internal',
      access: 'public',
      summary: 'A room with all its members, what each wants to be told of it, and what is new in it',
      params: RoomParams,
      querystring: Type.Object({ after_seq: Seq }),
      response: { 200: AudienceSchema },
      errors: [chatErrors.ROOM_NOT_FOUND],
    }),
    async ({ params, query }) => {
      const audience = await tellAudience(ports, params.room_id, query.after_seq)
      if (!audience) throw chatErrors.ROOM_NOT_FOUND()
      return audience
    },
  )
}
