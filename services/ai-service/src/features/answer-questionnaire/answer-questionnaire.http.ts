import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import { currentTraceparent } from '@bigtech/telemetry'
import { Type } from 'typebox'
import type { KeepPorts } from '../../access/keep-entry.ts'
import { AnsweredResponseSchema, AnswersRequestSchema, QuestionnairesSchema } from '../../contract/entry-schemas.ts'
import { aiErrors } from '../../contract/errors.ts'
import { QUESTIONNAIRE_NAMES } from '../../contract/kinds.ts'
import { QUESTIONNAIRES } from '../../domain/questionnaires/score.ts'
import type { Contact } from '../../ports.ts'
import { viewEntry } from '../../views/entry.ts'
import { viewSafety } from '../../views/safety.ts'
import type { ConsentPorts } from '../give-consent/give-consent.ts'
import { answerQuestionnaire } from './answer-questionnaire.ts'

type Ports = KeepPorts & ConsentPorts & Readonly<{ contacts: Readonly<Record<'ko' | 'en', readonly Contact[]>> }>

const DISCLAIMERS = {
  ko: '진단이 아닙니다. 점수는 전문가와 이야기해 볼지 살펴보는 선별 결과입니다. 걱정되면 점수와 상관없이 상담하세요.',
  en: 'This is no diagnosis. The score screens whether a talk with a professional is worth it; if you worry, talk to one whatever it says.',
}

export function answerQuestionnaireHttp(app: App, ports: Ports): void {
  app.get(
    '/care/questionnaires',
    operation({
      id: 'listQuestionnaires',
      tag: 'care',
      summary: 'Forms to fill in, in your language',
      response: { 200: QuestionnairesSchema },
    }),
    (request) => {
      const language = languageOf(request.headers['accept-language'])
      return {
        items: QUESTIONNAIRES.map(({ id, title, instruction, period, questions, options, bands, cutOff, source }) => ({
          name: id,
          title: title[language],
          instructions: instruction[language],
          period: period[language],
          questions: questions.map(({ text }, i) => ({ id: i + 1, text: text[language] })),
          choices: options.map((text, value) => ({ value, text: text[language] })),
          max: questions.length * (options.length - 1),
          bands: bands.map(({ from, id: band, label }) => ({ from, band, band_text: label[language] })),
          cut_off: cutOff,
          source,
        })),
      }
    },
  )
  app.post(
    '/care/questionnaires/:name/answers',
    operation({
      id: 'answerQuestionnaire',
      tag: 'care',
      // Answers must not be stored with a key beside the entry, which can be deleted.
      idempotent: false,
      summary: 'Hand a filled form in: its sum and band, as a screening',
      params: Type.Object({ name: Type.Enum([...QUESTIONNAIRE_NAMES]) }),
      body: AnswersRequestSchema,
      response: { 201: AnsweredResponseSchema },
      errors: [aiErrors.ANSWERS_INVALID, aiErrors.CONSENT_REQUIRED, aiErrors.ENTRIES_OF_TODAY],
    }),
    async (request, reply) => {
      const language = languageOf(request.headers['accept-language'])
      const { name } = request.params
      const { answers } = request.body
      const { user_id } = principalOf(request)
      const entry = await answerQuestionnaire(ports, { user_id, name, answers, traceparent: currentTraceparent() })
      return reply
        .code(201)
        .header('location', `/care/entries/${entry.id}`)
        .send({
          entry: viewEntry(entry, language),
          safety: viewSafety(entry.safety, language, ports.contacts[language]),
          disclaimer: DISCLAIMERS[language],
        })
    },
  )
}
