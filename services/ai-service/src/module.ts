import type { App, RateLimiter, ReadinessCheck, ServiceModule } from '@bigtech/http'
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
import { askAgain } from './features/give-consent/ask-again.ts'
import { giveConsentHttp } from './features/give-consent/give-consent.http.ts'
import { createJobs } from './features/hear-recording/hear-recording.ts'
import { hearRecordingHttp } from './features/hear-recording/hear-recording.http.ts'
import { keepEntryHttp } from './features/keep-entry/keep-entry.http.ts'
import { endLinksHandlers } from './features/link-guardian/end-links.consumer.ts'
import { linkGuardianHttp } from './features/link-guardian/link-guardian.http.ts'
import { countWeeks } from './features/count-weeks/count-weeks.ts'
import { listEntriesHttp } from './features/list-entries/list-entries.http.ts'
import { notesHttp } from './features/look-after/notes.http.ts'
import { readsHttp } from './features/look-after/reads.http.ts'
import { trendHttp } from './features/look-after/trend.http.ts'
import { alertsHttp } from './features/raise-alerts/alerts.http.ts'
import { raiseAlertsHandlers } from './features/raise-alerts/raise-alerts.consumer.ts'
import { removeExpired } from './features/remove-expired/remove-expired.ts'
import { tellTrendHttp } from './features/tell-trend/tell-trend.http.ts'
import { healthOfCare, tellStatusHttp } from './features/tell-status/tell-status.http.ts'
import { transcribeAudioHttp } from './features/transcribe-audio/transcribe-audio.http.ts'
import { createListener } from './features/transcribe-audio/transcribe-audio.ts'
import { cloudsOf } from './access/clouds.ts'
import type { PlaceLimits } from './access/places.ts'
import { useRecordings } from './access/recording.http.ts'
import { CARE_TOPIC } from './contract/events.ts'
import type { AlertStore, Friends, LinkStore, People, WatchStore } from './link-ports.ts'
import type {
  ConsentStore,
  Contacts,
  Decoder,
  EntryStore,
  RecordingStore,
  SpeechToText,
  TextModel,
  WeekStore,
} from './ports.ts'
import { CONTACTS } from './views/contacts.ts'

export type { Contacts } from './ports.ts'

export type AiPorts = Readonly<{
  consents: ConsentStore
  entries: EntryStore
  recordings: RecordingStore
  weeks: WeekStore
  outbox: Outbox
  links: LinkStore
  watches: WatchStore
  alerts: AlertStore
  friends: Friends
  people: People
  /** Consents that one person gives. */
  consentWrites: Pick<RateLimiter, 'consume'>
  bus: EventBus
  decoder: Decoder
  speech: SpeechToText
  /** Asked about texts beside the rules; default: nothing is. */
  textModel?: TextModel
  /** For /health: where Google's services are asked. */
  google?: Readonly<{ project: string | undefined; location: string }>
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
  contacts?: Contacts
}>

export type AiModule = ServiceModule &
  Readonly<{
    events: ServiceEvents
    /** What the timers do, to be called by tests instead of waiting. */
    turns: Readonly<Record<'silence' | 'weeks' | 'renewals', () => Promise<void>>>
    /** Ends what takes minutes, as interrupted, so that who waits for it gets an answer. To be called before the hosts close. */
    interrupt(): Promise<void>
  }>

const RENEW_MS = 5_000
const CLEANING_MS = 600_000

const SERVICE = 'ai-service'
/** Silence is a matter of days. */
const SILENCE_MS = 600_000
const WEEKS_MS = 1_800_000
/** Words change with an upgrade. */
const RENEWALS_MS = 60_000

/** Speech and texts that people hand in: what is found in them, and what is kept of it. */
export function createAiModule(given: AiPorts): AiModule {
  const notify = () => runtime.events.notify()
  const linkPorts = { ...given, notify, clouds: cloudsOf(given) }
  const tellOfSilence = async () => {
    if ((await given.alerts.tellOfSilence(given.clock.now())) > 0) notify()
  }
  const tellOfOutdated = () => askAgain(linkPorts)
  const tellOfWeeks = () => countWeeks({ ...given, notify })
  const runtime = createRuntime({
    ...given,
    service: SERVICE,
    topics: ['user.events', 'friend.events', CARE_TOPIC],
    handlers: {
      ...endLinksHandlers(linkPorts),
      ...raiseAlertsHandlers(linkPorts),
      UserClosed: (record) => eraseAccount(ports, record),
    },
  })
  const listener = createListener(given)
  const told = { ...linkPorts, listener, contacts: given.contacts ?? CONTACTS }
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
      linkGuardianHttp(app, ports)
      trendHttp(app, ports)
      notesHttp(app, ports)
      readsHttp(app, ports)
      alertsHttp(app, ports)
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
      timers.every(CLEANING_MS, 'cleaning of links', () => given.watches.prune(given.clock.now()), 'once')
      timers.every(SILENCE_MS, 'silence', tellOfSilence, 'once')
      timers.every(RENEWALS_MS, 'renewals', tellOfOutdated, 'once')
      timers.every(WEEKS_MS, 'weeks', tellOfWeeks, 'once')
    },
    turns: { silence: tellOfSilence, weeks: tellOfWeeks, renewals: tellOfOutdated },
    async close() {
      await interrupt()
      await runtime.close()
      await given.speech.close()
    },
  }
}
