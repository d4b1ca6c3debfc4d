import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AiPorts } from '@bigtech/ai-service'
import {
  createDecoder,
  createGoogleSpeech,
  createNoSpeech,
  createOpenAiModel,
  createOpenAiSpeech,
  createVertexModel,
  createWhisper,
  readServiceAccount,
  type GoogleCredentials,
} from '@bigtech/ai-service/adapters'
import { readCareContacts } from '../care-contacts.ts'
import type { Settings } from '../config.ts'
import { StartupError } from '../startup-error.ts'

/** What ai-service takes from the settings, whatever it runs on. @throws StartupError for a key file that cannot be used */
export function aiPorts(
  settings: Settings,
): Pick<AiPorts, 'decoder' | 'speech' | 'textModel' | 'google' | 'version' | 'keepMs' | 'timeZone' | 'contacts'> {
  const textModel = textModelOf(settings)
  return {
    decoder: createDecoder({
      maxBytes: settings.CARE_RECORDING_SIZE,
      maxSeconds: settings.CARE_RECORDING_LENGTH / 1_000,
    }),
    speech: speechOf(settings),
    ...(textModel ? { textModel } : {}),
    google: { project: settings.GCP_PROJECT_ID, location: settings.GCP_LOCATION },
    version: '0.1.0',
    keepMs: settings.CARE_KEEP,
    timeZone: settings.ANALYTICS_TIME_ZONE,
    ...(settings.CARE_CONTACTS === undefined ? {} : { contacts: readCareContacts(settings.CARE_CONTACTS) }),
  }
}

const optional = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<K, V>>

function speechOf(settings: Settings): AiPorts['speech'] {
  const { CARE_SPEECH_URL: baseUrl, CARE_SPEECH_MODEL: model } = settings
  switch (settings.CARE_SPEECH) {
    case 'none':
      return createNoSpeech()
    case 'whisper':
      return createWhisper({
        modelFile: settings.CARE_WHISPER_MODEL ?? join(settings.DATA_DIR, 'models', 'whisper.bin'),
      })
    case 'openai':
      return createOpenAiSpeech({
        baseUrl: baseUrl!,
        model: model ?? 'whisper-1',
        ...optional('apiKey', settings.CARE_SPEECH_KEY),
      })
    case 'google':
      return createGoogleSpeech({
        credentials: credentialsOf(settings),
        project: settings.GCP_PROJECT_ID!,
        location: settings.GCP_SPEECH_LOCATION ?? settings.GCP_LOCATION,
        model: model ?? 'long',
        ...optional('baseUrl', baseUrl),
      })
  }
}

function textModelOf(settings: Settings): AiPorts['textModel'] {
  const { CARE_TEXT_URL: baseUrl, CARE_TEXT_MODEL: model } = settings
  switch (settings.CARE_TEXT) {
    case 'rules':
      return undefined
    case 'openai':
      return createOpenAiModel({ baseUrl: baseUrl!, model: model!, ...optional('apiKey', settings.CARE_TEXT_KEY) })
    case 'vertex':
      return createVertexModel({
        credentials: credentialsOf(settings),
        project: settings.GCP_PROJECT_ID!,
        location: settings.GCP_LOCATION,
        model: model!,
        ...optional('baseUrl', baseUrl),
      })
  }
}

function credentialsOf({ GOOGLE_APPLICATION_CREDENTIALS: file }: Settings): GoogleCredentials {
  if (file === undefined) return { type: 'metadata' }
  try {
    return { type: 'service_account', account: readServiceAccount(readFileSync(file, 'utf8')) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartupError(`GOOGLE_APPLICATION_CREDENTIALS ${file} is no key file of a service account: ${reason}`)
  }
}
