import { languageOf, operation, principalOf, type App } from '@bigtech/http'
import { currentTraceparent } from '@bigtech/telemetry'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { endOf } from '../../access/end-of-request.http.ts'
import { aiErrors } from '../../contract/errors.ts'
import { HandedInSchema, MoodRequestSchema, TextEntryRequestSchema } from '../../contract/entry-schemas.ts'
import type { Contact } from '../../ports.ts'
import { viewAnalysis } from '../../views/analysis.ts'
import { viewEntry } from '../../views/entry.ts'
import { viewSafety } from '../../views/safety.ts'
import { keepHandedIn, type HandedIn, type KeepEntryPorts } from './keep-entry.ts'

type Ports = KeepEntryPorts & Readonly<{ contacts: Readonly<Record<'ko' | 'en', readonly Contact[]>> }>

const errors = [aiErrors.CONSENT_REQUIRED, aiErrors.ENTRIES_OF_TODAY] as const

export function keepEntryHttp(app: App, ports: Ports): void {
  app.post(
    '/care/entries',
    operation({
      id: 'keepText',
      tag: 'care',
      // What is analysed must not be stored with the answer of a key.
      idempotent: false,
      summary: 'Hand a text in: it is analysed, and what is found in it is kept',
      description:
        'The answer has the whole analysis, once. What is kept are cues, scores and level, without the words, unless `keep_text` asks for them.',
      body: TextEntryRequestSchema,
      response: { 201: HandedInSchema },
      errors: [aiErrors.TEXT_EMPTY, ...errors],
    }),
    async (request, reply) => {
      const { text, keep_text = false } = request.body
      if (text.trim() === '') throw aiErrors.TEXT_EMPTY()
      return answer(request, reply, { kind: 'text', mood: null, text, keepText: keep_text })
    },
  )
  app.post(
    '/care/moods',
    operation({
      id: 'keepMood',
      tag: 'care',
      idempotent: false,
      summary: 'Say how you are, from 1 (bad) to 5 (good), with a note if you like',
      description: 'A note is analysed as any text is, and kept only if `keep_text` asks for it.',
      body: MoodRequestSchema,
      response: { 201: HandedInSchema },
      errors,
    }),
    async (request, reply) => {
      const { mood, note = '', keep_text = false } = request.body
      return answer(request, reply, { kind: 'mood', mood, text: note, keepText: keep_text })
    },
  )

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Pick<HandedIn, 'kind' | 'mood' | 'text' | 'keepText'>,
  ) {
    const language = languageOf(request.headers['accept-language'])
    const { entry, analysis } = await keepHandedIn(ports, {
      ...given,
      user_id: principalOf(request).user_id,
      answer: language,
      signal: endOf(reply),
      traceparent: currentTraceparent(),
    })
    const contacts = ports.contacts[language]
    return reply
      .code(201)
      .header('location', `/care/entries/${entry.id}`)
      .send({
        entry: viewEntry(entry, language),
        safety: viewSafety(entry.safety, language, contacts),
        analysis: analysis && viewAnalysis(analysis, { now: entry.created_at, language, contacts }),
      })
  }
}
