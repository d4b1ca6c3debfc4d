import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { MailStore, SettingsStore } from '../../ports.ts'

/** What a mail program does with `List-Unsubscribe` (RFC 8058), and the page that the mail links to. */
export function unsubscribeHttp(app: App, { mails, settings }: { mails: MailStore; settings: SettingsStore }): void {
  // Of this route alone: elsewhere what is not read is refused.
  void app.register((own: App, _options, done) => {
    // The body says nothing that the token does not. RFC 8058 prefers this form of it.
    own.addContentTypeParser('multipart/form-data', (_request, payload, parsed) => {
      payload.resume().on('end', () => parsed(null, undefined))
    })
    unsubscribeRoute(own, { mails, settings })
    done()
  })
}

function unsubscribeRoute(app: App, { mails, settings }: { mails: MailStore; settings: SettingsStore }): void {
  app.post(
    '/notifications/unsubscribe',
    operation({
      id: 'unsubscribe',
      tag: 'settings',
      access: 'public',
      idempotent: false,
      summary: 'End the mails of what was missed, with the token of one of them; the answer is the same for any token',
      consumes: ['multipart/form-data', 'application/x-www-form-urlencoded', 'application/json'],
      querystring: Type.Object({ token: Type.String({ minLength: 1, maxLength: 100, examples: ['k8Jd…'] }) }),
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const userId = await mails.subscriberOf(request.query.token)
      if (userId !== undefined) await settings.change(userId, { digest: false })
      return reply.code(204).send(null)
    },
  )
}
