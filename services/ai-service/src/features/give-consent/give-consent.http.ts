import { enforce, languageOf, operation, principalOf, type App, type RateLimiter } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { aiErrors } from '../../contract/errors.ts'
import { ConsentSchema, ConsentsSchema } from '../../contract/schemas.ts'
import { CONSENT_KINDS } from '../../domain/consents.ts'
import { giveConsent, offersTo, viewConsent, type OfferPorts } from './give-consent.ts'

/** Of an INT column. */
const MOST = 2 ** 31 - 1

const Params = Type.Object({ kind: Type.Enum([...CONSENT_KINDS]) })
const Query = Type.Object({
  subject: Type.String({
    maxLength: 255,
    default: '',
    description: 'as `GET /care/consents` says: a host, the id of a guardian, or nothing',
    examples: [''],
  }),
})

/** @param ports.consentWrites of what a person agrees to: each is kept. It can be taken back at any time */
export function giveConsentHttp(
  app: App,
  ports: OfferPorts & Readonly<{ clock: Clock; consentWrites: Pick<RateLimiter, 'consume'>; notify(): void }>,
): void {
  const { consents, clouds, clock, consentWrites } = ports
  app.get(
    '/care/consents',
    operation({
      id: 'listConsents',
      tag: 'care',
      summary: 'What you can agree to, in plain words, and whether you have',
      response: { 200: ConsentsSchema },
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      const offers = await offersTo(ports, user_id)
      const all = await consents.of(user_id)
      const language = languageOf(request.headers['accept-language'])
      return { items: offers.map((offer) => viewConsent(offer, all, clouds, language)) }
    },
  )
  app.put(
    '/care/consents/:kind',
    operation({
      id: 'giveConsent',
      tag: 'care',
      summary: 'Agree to the words of this version; again changes nothing',
      params: Params,
      querystring: Query,
      body: Type.Object({ version: Type.Integer({ minimum: 1, maximum: MOST, examples: [1] }) }),
      response: { 200: ConsentSchema },
      errors: [aiErrors.CONSENT_WORDS_CHANGED, aiErrors.CONSENT_NOT_OFFERED, aiErrors.NO_CARE_LINK],
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const of = { kind: request.params.kind, subject: request.query.subject }
      enforce(await consentWrites.consume(String(user_id)), reply)
      await giveConsent(ports, { ...of, user_id, version: request.body.version, now: clock.now() })
      ports.notify()
      return viewConsent(of, await consents.of(user_id), clouds, languageOf(request.headers['accept-language']))
    },
  )
  app.delete(
    '/care/consents/:kind',
    operation({
      id: 'withdrawConsent',
      tag: 'care',
      summary: 'Take your consent back, from now on',
      params: Params,
      querystring: Query,
      response: { 204: Type.Null() },
    }),
    async (request, reply) => {
      const of = { kind: request.params.kind, subject: request.query.subject }
      await consents.withdraw({ ...of, user_id: principalOf(request).user_id, now: clock.now() })
      ports.notify()
      return reply.code(204).send(null)
    },
  )
}
