import { languageOf, operation, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { endOf } from '../../access/end-of-request.http.ts'
import { checkSamePerson } from '../../access/same-person.ts'
import { aiErrors } from '../../contract/errors.ts'
import { AnalysisRequestSchema, AnalysisResponseSchema } from '../../contract/schemas.ts'
import type { Contact } from '../../ports.ts'
import { viewAnalysis } from '../../views/analysis.ts'
import { needConsent, type ConsentPorts } from '../give-consent/give-consent.ts'
import { analyzeText, type AnalyzePorts } from './analyze-text.ts'

export type AnalyzeHttpPorts = AnalyzePorts &
  ConsentPorts &
  Readonly<{ clock: Clock; contacts: Readonly<Record<'ko' | 'en', readonly Contact[]>> }>

export function analyzeTextHttp(app: App, ports: AnalyzeHttpPorts): void {
  app.post(
    '/analyze',
    operation({
      id: 'analyzeText',
      tag: 'care',
      access: 'local',
      idempotent: false,
      summary: 'Signs of how somebody is, in a text they hand in',
      description:
        'Phrases are found, with their places; nobody is assessed, and nothing is kept. The numbers to call are in each answer: most that is meant is never found.',
      body: AnalysisRequestSchema,
      response: { 200: AnalysisResponseSchema },
      errors: [aiErrors.TEXT_EMPTY, aiErrors.USER_ID_OF_ANOTHER, aiErrors.CONSENT_REQUIRED],
    }),
    async (request, reply) => {
      const { text, user_id = 'anonymous' } = request.body
      checkSamePerson(request.principal?.user_id, user_id)
      if (request.principal) await needConsent(ports, request.principal.user_id, 'analysis')
      if (text.trim() === '') throw aiErrors.TEXT_EMPTY()
      const language = languageOf(request.headers['accept-language'])
      const who = request.principal?.user_id
      const asked = { who, text, language: 'ko-KR', answer: language, signal: endOf(reply) }
      const analysis = await analyzeText(ports, asked)
      return viewAnalysis(analysis, { now: ports.clock.now(), language, contacts: ports.contacts[language] })
    },
  )
}
