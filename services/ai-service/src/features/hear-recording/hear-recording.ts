import { AppError, type Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { setTimeout as sleep } from 'node:timers/promises'
import { entryOfWords, keepingOf, type KeepPorts } from '../../access/keep-entry.ts'
import { aiErrors } from '../../contract/errors.ts'
import type { Contact, RecordingStore } from '../../ports.ts'
import { viewAnalysis } from '../../views/analysis.ts'
import { analyzeText, type AnalyzePorts } from '../analyze-text/analyze-text.ts'
import { needConsent, type ConsentPorts } from '../give-consent/give-consent.ts'
import type { Admitted, Heard, Listener } from '../transcribe-audio/transcribe-audio.ts'

export type HearPorts = KeepPorts &
  AnalyzePorts &
  ConsentPorts &
  Readonly<{
    recordings: RecordingStore
    listener: Listener
    contacts: Readonly<Record<'ko' | 'en', readonly Contact[]>>
    clock: Clock
    logger: Logger
    /** Unique among the processes that run now, and the same after a restart. */
    relayOwner: string
  }>

/** A process that says nothing for so long has lost what it had in memory. */
export const LEASE_MS = 30_000
/** How long a result, with the transcript, waits to be fetched. */
const RESULT_MS = 3_600_000
/** An earlier one of the same person is at another process: it is asked for again. */
const BLOCKED_MS = 500
/** Listening is most of the work. */
const LISTENING_SHARE = 0.95

/** Ends one, and nothing is to be written of it: somebody else has ended it. */
class Over extends Error {}

export type Jobs = ReturnType<typeof createJobs>

/** The recordings of this process that are listened to while nobody waits for the answer. */
export function createJobs(ports: HearPorts) {
  const { recordings, listener, clock, logger, relayOwner: owner } = ports
  const running = new Map<number, Readonly<{ user_id: number; abort: AbortController; ended: Promise<void> }>>()

  async function run(job: Job, signal: AbortSignal): Promise<void> {
    try {
      await hear(job, signal)
    } catch (error) {
      if (error instanceof Over || signal.reason instanceof Over) return
      const known = error instanceof AppError && error.code in aiErrors
      if (!known) logger.error({ err: error, recording_id: job.id }, 'a recording was not listened to')
      const code = known ? error.code : aiErrors.SPEECH_FAILED.code
      await recordings.fail({ ...owned(job.id), code })
    } finally {
      job.admitted.leave()
    }
  }

  const owned = (id: number) => ({ id, owner, now: clock.now() })

  async function tell(id: number, state: 'listening' | 'analysing', progress: number): Promise<void> {
    if (!(await recordings.progress({ ...owned(id), state, progress }))) throw new Over()
  }

  /** The next of a person begins when this one has its entry: so entries are in the order of their recordings. */
  async function hear(job: Job, signal: AbortSignal): Promise<void> {
    const { id, admitted } = job
    const begin = async () => {
      // It may have been taken back while it waited: then nobody listens to it.
      await needConsent(ports, job.user_id, 'analysis')
      const how = await recordings.begin(owned(id))
      if (how === 'over') throw new Over()
      return how === 'begun'
    }
    const onProgress = (share: number) =>
      void tell(id, 'listening', LISTENING_SHARE * share).catch((error: unknown) => {
        if (error instanceof Over) running.get(id)?.abort.abort(error)
        else logger.warn({ err: error, recording_id: id }, 'how far a recording is was not told')
      })
    const use = (heard: Heard, until: AbortSignal) => analyse(job, heard, until)
    while (!(await listener.inTurn(admitted, { signal, begin, onProgress, use })))
      await sleep(BLOCKED_MS, undefined, { signal })
  }

  async function analyse(job: Job, { transcript }: Heard, signal: AbortSignal): Promise<void> {
    const { id, user_id, answer, traceparent, admitted } = job
    await tell(id, 'analysing', LISTENING_SHARE)
    // It may have been taken back in the minutes since.
    await needConsent(ports, user_id, 'analysis')
    const started = performance.now()
    const { text, alternatives, language } = transcript
    const analysis = await analyzeText(ports, { who: user_id, text, alternatives, language, answer, signal })
    const ms = Math.round(performance.now() - started)
    const { keepText } = admitted.recording
    const toKeep = entryOfWords(ports, {
      user_id,
      kind: 'voice',
      mood: null,
      text,
      keepText,
      analysis,
      ms,
      traceparent,
    })
    const now = clock.now()
    const view = viewAnalysis(analysis, { now, language: answer, contacts: ports.contacts[answer] })
    const kept = await recordings.finish({
      ...owned(id),
      entry: toKeep.entry,
      keeping: keepingOf(toKeep),
      result: JSON.stringify({ ...view, transcript: text }),
      result_until: now + RESULT_MS,
    })
    if (kept !== 'over' && 'id' in kept) ports.notify()
  }

  /** @returns when it has ended, however */
  function end(ids: Iterable<number>): void {
    for (const id of ids) running.get(id)?.abort.abort(new Over())
  }

  return {
    /** Takes up one that has its place. @returns its id */
    async start(given: Omit<Job, 'id'>): Promise<number> {
      const { user_id, admitted } = given
      const now = clock.now()
      const { seconds, recording } = admitted
      const keep_text = recording.keepText
      const id = await recordings.add({ user_id, owner, seconds, keep_text, now, lease_until: now + LEASE_MS })
      const abort = new AbortController()
      const ended = run({ ...given, id }, abort.signal)
        .catch((error: unknown) => logger.error({ err: error, recording_id: id }, 'a recording ends with its lease'))
        .finally(() => running.delete(id))
      running.set(id, { user_id, abort, ended })
      return id
    },
    /** Has been ended in the store: here as well, if it is here. */
    over: (id: number) => end([id]),
    /** All of a person. */
    overOf: (userId: number) => end([...running].filter(([, { user_id }]) => user_id === userId).map(([id]) => id)),
    /** Says which are here, and ends those that have ended elsewhere: cancelled at another process, or erased. */
    async renew(): Promise<void> {
      const ids = [...running.keys()]
      const left = new Set(await recordings.renew({ owner, ids, lease_until: clock.now() + LEASE_MS }))
      end(ids.filter((id) => !left.has(id)))
    },
    /** Waits for all; the listener has been closed before, so that they end soon. */
    async idle(): Promise<void> {
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

type Job = Readonly<{
  id: number
  user_id: number
  admitted: Admitted
  /** Of the answer. */
  answer: 'ko' | 'en'
  traceparent: string
}>
