import type { App, ReadinessCheck, ServiceModule } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { EventBus, Outbox } from '@bigtech/messaging'
import { createRuntime, type Leases, type ServiceEvents } from '@bigtech/service'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { analyzeAudioHttp } from './features/analyze-audio/analyze-audio.http.ts'
import { analyzeTextHttp } from './features/analyze-text/analyze-text.http.ts'
import { aiErrors } from './contract/errors.ts'
import { answerQuestionnaireHttp } from './features/answer-questionnaire/answer-questionnaire.http.ts'
import { eraseAccount } from './features/erase-account/erase-account.consumer.ts'
import { exportRecordsHttp } from './features/export-records/export-records.http.ts'
import { giveConsentHttp } from './features/give-consent/give-consent.http.ts'
import { createJobs } from './features/hear-recording/hear-recording.ts'
import { hearRecordingHttp } from './features/hear-recording/hear-recording.http.ts'
import { keepEntryHttp } from './features/keep-entry/keep-entry.http.ts'
import { listEntriesHttp } from './features/list-entries/list-entries.http.ts'
import { removeExpired } from './features/remove-expired/remove-expired.ts'
import { tellTrendHttp } from './features/tell-trend/tell-trend.http.ts'
import { healthOfCare, tellStatusHttp } from './features/tell-status/tell-status.http.ts'
import { transcribeAudioHttp } from './features/transcribe-audio/transcribe-audio.http.ts'
import { createListener } from './features/transcribe-audio/transcribe-audio.ts'
import type { PlaceLimits } from './access/places.ts'
import { useRecordings } from './access/recording.http.ts'
import type { ConsentStore, Contact, Decoder, EntryStore, RecordingStore, SpeechToText } from './ports.ts'
import { CONTACTS } from './views/contacts.ts'

export type AiPorts = Readonly<{
  consents: ConsentStore
  entries: EntryStore
  recordings: RecordingStore
  outbox: Outbox
  bus: EventBus
  decoder: Decoder
  speech: SpeechToText
  clock: Clock
  logger: Logger
  metrics: Metrics
  version: string
  /** What may wait to be listened to. */
  places?: Partial<PlaceLimits>
  /** How often a process says which recordings it has, and looks for those of others that are gone, ms. Default: 5 s. */
  renewMs?: number
  /** Whose days trends are by. */
  timeZone: string
  /** How long what somebody handed in is kept, ms. */
  keepMs: number
  readiness: Readonly<Record<string, ReadinessCheck>>
  /** Unique among the processes that run now, and the same after a restart. */
  relayOwner: string
  /** For what one process of the service does at a time; default: there is one process. */
  leases?: Leases
  /** Default: of Korea. */
  contacts?: Readonly<Record<'ko' | 'en', readonly Contact[]>>
}>

export type AiModule = ServiceModule &
  Readonly<{
    events: ServiceEvents
    /** Ends what takes minutes, as interrupted, so that who waits for it gets an answer. To be called before the hosts close. */
    interrupt(): Promise<void>
  }>

const RENEW_MS = 5_000
const CLEANING_MS = 600_000

const SERVICE = 'ai-service'

/** Speech and texts that people hand in: what is found in them, and what is kept of it. */
export function createAiModule(given: AiPorts): AiModule {
  const runtime = createRuntime({
    ...given,
    service: SERVICE,
    topics: ['user.events'],
    handlers: {
      UserClosed: (record) => eraseAccount(ports, record),
    },
  })
  const listener = createListener(given)
  const told = { ...given, listener, contacts: given.contacts ?? CONTACTS, notify: () => runtime.events.notify() }
  const jobs = createJobs(told)
  const ports = { ...told, jobs }
  const endLost = (owner?: string) =>
    given.recordings.endLost({
      now: given.clock.now(),
      code: aiErrors.RECORDING_INTERRUPTED.code,
      ...(owner === undefined ? {} : { owner }),
    })
  async function interrupt(): Promise<void> {
    listener.close()
    await jobs.idle()
  }
  given.metrics.gauge({
    name: 'care_recordings_pending',
    help: 'Recordings that are read, listened to, or wait for it',
    collect: (gauge) => gauge.set(listener.pending()),
  })
  return {
    service: {
      name: SERVICE,
      title: 'AI Service',
      description: 'Speech to text, and signs of how somebody is in what they hand in. No diagnosis.',
      port: 8006,
    },
    readiness: given.readiness,
    health: healthOfCare(given),
    consumes: runtime.consumes,
    events: runtime.events,
    async routes(app: App) {
      await useRecordings(app, given.decoder)
      tellStatusHttp(app, ports)
      analyzeTextHttp(app, ports)
      transcribeAudioHttp(app, ports)
      analyzeAudioHttp(app, ports)
      giveConsentHttp(app, ports)
      keepEntryHttp(app, ports)
      answerQuestionnaireHttp(app, ports)
      listEntriesHttp(app, ports)
      hearRecordingHttp(app, ports)
      tellTrendHttp(app, ports)
      exportRecordsHttp(app, ports)
    },
    interrupt,
    async start() {
      await endLost(given.relayOwner)
      await runtime.start()
      const { timers } = runtime
      const renewMs = given.renewMs ?? RENEW_MS
      timers.every(renewMs, 'recordings here', () => jobs.renew())
      timers.every(renewMs, 'lost recordings', () => endLost(), 'once')
      timers.every(CLEANING_MS, 'cleaning', () => removeExpired(given), 'once')
    },
    async close() {
      await interrupt()
      await runtime.close()
      await given.speech.close()
    },
  }
}
