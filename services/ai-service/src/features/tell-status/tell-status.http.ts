import { operation, type App, type MoreHealth } from '@bigtech/http'
import { Type } from 'typebox'
import { AudioFormatsSchema, ContactsSchema } from '../../contract/schemas.ts'
import type { Contacts, Decoder, SpeechToText } from '../../ports.ts'
import { languageOf } from '@bigtech/http'

export type StatusPorts = Readonly<{
  decoder: Decoder
  speech: SpeechToText
  contacts: Contacts
  version: string
}>

/** Of the recordings that are read; a name's end is a hint, the bytes decide. */
const FORMATS = ['.wav', '.mp3', '.m4a', '.flac', '.ogg', '.webm']

/** What a monitor or a client asks before it sends anything. */
export function tellStatusHttp(app: App, { decoder, contacts, version }: StatusPorts): void {
  app.get(
    '/',
    operation({
      id: 'aboutCare',
      tag: 'care',
      access: 'public',
      summary: 'Name and version of the service',
      response: {
        200: Type.Object({
          status: Type.Literal('healthy'),
          service: Type.String({ examples: ['ai-service'] }),
          version: Type.String({ examples: [version] }),
        }),
      },
    }),
    () => ({ status: 'healthy' as const, service: 'ai-service', version }),
  )
  app.get(
    '/audio-formats',
    operation({
      id: 'getAudioFormats',
      tag: 'care',
      access: 'public',
      summary: 'Which recordings are read',
      response: { 200: AudioFormatsSchema },
    }),
    () => ({
      formats: FORMATS,
      max_file_size: `${Math.floor(decoder.maxBytes / 1024 / 1024)}MB`,
      recommended_format: '.wav (최고 품질)',
      max_duration_s: decoder.maxSeconds,
    }),
  )
  app.get(
    '/care/contacts',
    operation({
      id: 'listCareContacts',
      tag: 'care',
      access: 'public',
      summary: 'Numbers to call in a crisis, which every care screen shows whatever was found',
      response: { 200: ContactsSchema },
    }),
    (request) => ({
      items: contacts[languageOf(request.headers['accept-language'])].map(({ number, name }) => ({ number, name })),
    }),
  )
}

/** The parts of the service and where they run. The source's two names are kept for its monitors. */
export const healthOfCare = ({ speech }: Pick<StatusPorts, 'speech'>): MoreHealth => ({
  schema: Type.Object({
    components: Type.Object({
      text_rules: Type.Literal('ready'),
      stt: Type.Enum(['ready', 'no_model', 'off', 'unsupported']),
      vertex_ai_analyzer: Type.Enum(['ready', 'not_initialized']),
      gcp_project: Type.Enum(['configured', 'missing']),
    }),
    environment: Type.Object({
      stt: Type.Enum(['whisper', 'openai', 'google', 'none']),
      project_id: Type.String({ examples: ['not_set'] }),
      region: Type.String({ examples: ['not_set'] }),
    }),
  }),
  async state() {
    return {
      components: {
        text_rules: 'ready',
        stt: await speech.state(),
        vertex_ai_analyzer: 'not_initialized',
        gcp_project: 'missing',
      },
      environment: { stt: speech.name, project_id: 'not_set', region: 'not_set' },
    }
  },
})
