import { careContactsProblems } from './care-contacts.ts'
import { bytes, duration, oneOf, string, url, type Values } from '@bigtech/config'

/** Of ai-service: what it listens with, and what it asks about texts. Whatever leaves this machine has the consent of its own that people give or do not. */
export const careSchema = {
  CARE_SPEECH: oneOf(['whisper', 'openai', 'google', 'none'], {
    default: 'whisper',
    doc: 'What recognises speech (docs/care-speech.md): Whisper in a process of its own on this machine, a server that speaks as OpenAI does, Google, or nothing.',
  }),
  CARE_WHISPER_MODEL: string({
    optional: true,
    doc: 'File of a ggml Whisper model. Default: the one that npm run care:model put into DATA_DIR/models.',
  }),
  CARE_SPEECH_URL: url({
    optional: true,
    doc: 'CARE_SPEECH=openai: the server up to and with /v1, as http://127.0.0.1:8080/v1 of whisper.cpp. CARE_SPEECH=google: in the place of its own address.',
  }),
  CARE_SPEECH_KEY: string({ optional: true, secret: true, doc: 'CARE_SPEECH=openai: its key.' }),
  CARE_SPEECH_MODEL: string({
    optional: true,
    doc: 'Model of CARE_SPEECH=openai (default: whisper-1) or google (default: long; chirp_2 is not in every location).',
  }),
  CARE_TEXT: oneOf(['rules', 'openai', 'vertex'], {
    default: 'rules',
    doc: 'What is asked about texts beside the rules, which always run: nothing, a server that speaks as OpenAI does, or Gemini on Vertex AI.',
  }),
  CARE_TEXT_URL: url({
    optional: true,
    doc: 'CARE_TEXT=openai: the server up to and with /v1, as http://127.0.0.1:11434/v1 of Ollama. CARE_TEXT=vertex: in the place of its own address.',
  }),
  CARE_TEXT_KEY: string({ optional: true, secret: true, doc: 'CARE_TEXT=openai: its key.' }),
  CARE_TEXT_MODEL: string({ optional: true, doc: 'Model of CARE_TEXT, by its name there.' }),
  CARE_CONTACTS: string({
    optional: true,
    doc: 'Numbers to call in a crisis, which every answer of care shows: JSON, or a file of JSON, with a list for ko and one for en (docs/care.md). Default: those of Korea.',
  }),
  CARE_KEEP: duration({
    default: 90 * 86_400_000,
    min: 86_400_000,
    max: 90 * 86_400_000,
    doc: 'How long what somebody handed in, and what was found in it, is kept; not longer than the words of the consent say.',
  }),
  CARE_RECORDING_SIZE: bytes({
    default: 10 * 1_024 * 1_024,
    min: 64 * 1_024,
    doc: 'Largest recording that is listened to.',
  }),
  CARE_RECORDING_LENGTH: duration({
    default: 600_000,
    min: 1_000,
    doc: 'Longest recording that is listened to.',
  }),
  GCP_PROJECT_ID: string({ optional: true, doc: 'Project of CARE_SPEECH=google and CARE_TEXT=vertex.' }),
  GCP_LOCATION: string({
    default: 'asia-northeast3',
    doc: 'Location of CARE_TEXT=vertex, and of CARE_SPEECH=google unless it has one of its own: not every location has every model.',
  }),
  GCP_SPEECH_LOCATION: string({ optional: true, doc: 'Location of CARE_SPEECH=google.' }),
  GOOGLE_APPLICATION_CREDENTIALS: string({
    optional: true,
    doc: "Key file of a Google service account. Default: the machine's own account (Cloud Run, Compute Engine).",
  }),
} as const

export type CareValues = Values<typeof careSchema>

/** What one setting needs of another. */
export function careProblems(values: CareValues): string[] {
  const needs: readonly (readonly [name: keyof CareValues, by: string, when: boolean])[] = [
    ['CARE_SPEECH_URL', 'CARE_SPEECH=openai', values.CARE_SPEECH === 'openai'],
    ['CARE_TEXT_URL', 'CARE_TEXT=openai', values.CARE_TEXT === 'openai'],
    ['CARE_TEXT_MODEL', `CARE_TEXT=${values.CARE_TEXT}`, values.CARE_TEXT !== 'rules'],
    ['GCP_PROJECT_ID', 'CARE_SPEECH=google', values.CARE_SPEECH === 'google'],
    ['GCP_PROJECT_ID', 'CARE_TEXT=vertex', values.CARE_TEXT === 'vertex'],
  ]
  const missing = needs
    .filter(([name, , when]) => when && values[name] === undefined)
    .map(([name, by]) => `${name} is not set; ${by} needs it (docs/configuration.md)`)
  return [...missing, ...careContactsProblems(values.CARE_CONTACTS)]
}
