import { setTimeout as sleep } from 'node:timers/promises'
import { languageOf, operation, type App, type MoreHealth } from '@bigtech/http'
import { Type } from 'typebox'
import { AudioFormatsSchema, ContactsSchema } from '../../contract/schemas.ts'
import type { Contacts, Decoder, SpeechToText, TextModel } from '../../ports.ts'

export type StatusPorts = Readonly<{
  decoder: Decoder
  speech: SpeechToText
  contacts: Contacts
  version: string
}>

type HealthPorts = Readonly<{
  speech: SpeechToText
  textModel?: TextModel
  /** Project and location of what is asked there. */
  google?: Readonly<{ project: string | undefined; location: string }>
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

/** Who asks for health has little time. */
const HEALTH_MS = 500
const checking = () => sleep(HEALTH_MS, 'checking' as const, { ref: false })

/** The parts of the service and where they run. The source's two names are kept for its monitors. */
export const healthOfCare = ({ speech, textModel, google }: HealthPorts): MoreHealth => ({
  schema: Type.Object({
    components: Type.Object({
      text_rules: Type.Literal('ready'),
      stt: Type.Enum(['ready', 'no_model', 'off', 'unsupported', 'checking'], {
        description: '`checking`: a model that was put there is being loaded, to see whether it is whole',
      }),
      vertex_ai_analyzer: Type.Enum(['ready', 'not_initialized']),
      gcp_project: Type.Enum(['configured', 'missing']),
    }),
    environment: Type.Object({
      stt: Type.Enum(['whisper', 'openai', 'google', 'none']),
      text: Type.Enum(['rules', 'openai', 'vertex']),
      project_id: Type.String({ examples: ['not_set'] }),
      region: Type.String({ examples: ['not_set'] }),
    }),
  }),
  async state() {
    return {
      components: {
        text_rules: 'ready',
        stt: await Promise.race([speech.state(), checking()]),
        vertex_ai_analyzer: textModel?.name === 'vertex' ? 'ready' : 'not_initialized',
        gcp_project: google?.project === undefined ? 'missing' : 'configured',
      },
      environment: {
        stt: speech.name,
        text: textModel?.name ?? 'rules',
        project_id: google?.project ?? 'not_set',
        region: google?.project === undefined ? 'not_set' : google.location,
      },
    }
  },
})
