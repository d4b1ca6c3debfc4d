import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { aiErrors } from '../../contract/errors.ts'
import { ConsentSchema, ConsentsSchema } from '../../contract/schemas.ts'
import { CONSENT_KINDS } from '../../domain/consents.ts'
import { giveConsent, viewConsent, type ConsentPorts } from './give-consent.ts'

/** Of an INT column. */
const MOST = 2 ** 31 - 1

const Params = Type.Object({ kind: Type.Enum([...CONSENT_KINDS]) })

export function giveConsentHttp(app: App, ports: ConsentPorts & Readonly<{ clock: Clock }>): void {
  const { consents, clock } = ports
  app.get(
    '/care/consents',
    operation({
      id: 'listConsents',
      tag: 'care',
      summary: 'What you can agree to, in plain words, and whether you have',
      response: { 200: ConsentsSchema },
    }),
    async (request) => {
      const all = await consents.of(principalOf(request).user_id)
      const language = languageOf(request.headers['accept-language'])
      return { items: CONSENT_KINDS.map((kind) => viewConsent(kind, all, language)) }
    },
  )
  app.put(
    '/care/consents/:kind',
    operation({
      id: 'giveConsent',
      tag: 'care',
      summary: 'Agree to the words of this version; again changes nothing',
      params: Params,
      body: Type.Object({ version: Type.Integer({ minimum: 1, maximum: MOST, examples: [1] }) }),
      response: { 200: ConsentSchema },
      errors: [aiErrors.CONSENT_WORDS_CHANGED],
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const { kind } = request.params
      await giveConsent(ports, { user_id, kind, version: request.body.version, now: clock.now() })
      return viewConsent(kind, await consents.of(user_id), languageOf(request.headers['accept-language']))
    },
  )
  app.delete(
    '/care/consents/:kind',
    operation({
      id: 'withdrawConsent',
      tag: 'care',
      summary: 'Take your consent back; nothing is analysed any more',
      params: Params,
      response: { 204: Type.Null() },
    }),
    async (request, reply) => {
      await consents.withdraw({ user_id: principalOf(request).user_id, kind: request.params.kind, now: clock.now() })
      return reply.code(204).send(null)
    },
  )
}
