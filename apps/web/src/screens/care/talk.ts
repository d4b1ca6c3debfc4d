import { ApiError, isTemporary, type CareAnalysis, type CareRecording } from '@bigtech/client'
import { shallowReactive, watch } from 'vue'
import { careProblem, noticeRefusal, showSafety } from '../../app/care.ts'
import { client } from '../../app/client.ts'
import { toast } from '../../app/feedback.ts'
import { session } from '../../app/session.ts'
import { careText } from '../../i18n/care-text.ts'
import { t } from '../../i18n/index.ts'
import { recordingProblem, startRecording, type Recording } from '../../lib/recorder.ts'

/**
 * What is being told, from the first word to what was understood. It outlives the screen: who looks at another one meanwhile finds it as it
 * is. The recording stays in memory until it was understood, so that it can be sent again.
 */
export type Talk = {
  step: 'idle' | 'recording' | 'sending' | 'waiting' | 'failed' | 'done'
  recording: Recording | undefined
  /** ms */
  elapsed: number
  file: File | undefined
  keepText: boolean
  job: CareRecording | undefined
  /** The server cannot be asked now; it is asked again. */
  offline: boolean
  problem: string
  /** Of the server, when it can listen to nothing now: writing is the other way. */
  deaf: boolean
  found: { words: string; spoken: boolean; analysis: CareAnalysis } | undefined
}
const idle = {
  step: 'idle',
  recording: undefined,
  elapsed: 0,
  file: undefined,
  job: undefined,
  offline: false,
  problem: '',
  deaf: false,
  found: undefined,
} as const
export const talk = shallowReactive<Talk>({ ...idle, keepText: false })

const POLL_MS = 1_000
const SHORTEST_MS = 700
/** The server listens to ten minutes. */
const LONGEST_MS = 9.9 * 60_000

let turn = new AbortController()
let ticking: ReturnType<typeof setInterval> | undefined

function begin(): AbortSignal {
  turn.abort()
  turn = new AbortController()
  return turn.signal
}

export async function startTalking(): Promise<void> {
  const signal = begin()
  try {
    const recording = await startRecording()
    if (signal.aborted) return recording.discard()
    Object.assign(talk, { ...idle, step: 'recording', recording })
    ticking = setInterval(() => {
      talk.elapsed = recording.elapsed()
      if (talk.elapsed > LONGEST_MS) void stopTalking()
    }, 200)
  } catch (error) {
    toast('error', t(recordingProblem(error)))
  }
}

export async function stopTalking(): Promise<void> {
  const { recording } = talk
  if (!recording) return
  clearInterval(ticking)
  talk.recording = undefined
  if (recording.elapsed() < SHORTEST_MS) {
    recording.discard()
    talk.step = 'idle'
    return toast('info', t('voice.tooShort'))
  }
  // Said at once, before anything is known of it.
  talk.step = 'sending'
  talk.file = await recording.stop()
  await sendRecording()
}

/** Also again, after it failed. */
export async function sendRecording(): Promise<void> {
  const { file } = talk
  if (!file) return
  const signal = begin()
  Object.assign(talk, { step: 'sending', problem: '', deaf: false, offline: false, job: undefined })
  try {
    const job = await client.care.record(file, { keep_text: talk.keepText, signal })
    await follow(job, signal)
  } catch (error) {
    failed(error, signal)
  }
}

/** Until it has ended; each time anew after the line was cut. */
async function follow(job: CareRecording, signal: AbortSignal): Promise<void> {
  Object.assign(talk, { step: 'waiting', job })
  for (let now = job; !signal.aborted;) {
    if (now.state === 'done' && now.result) return understood(now.result)
    if (now.state === 'failed' || now.state === 'cancelled' || now.state === 'done') return refused(now)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    try {
      now = await client.care.recording(job.id, { signal })
      if (signal.aborted) return
      Object.assign(talk, { job: now, offline: false })
    } catch (error) {
      if (signal.aborted) return
      if (!isTemporary(error)) throw error
      talk.offline = true
    }
  }
}

function understood(analysis: CareAnalysis): void {
  const { transcript = '' } = analysis
  Object.assign(talk, { ...idle, step: 'done', found: { words: transcript, spoken: true, analysis } })
  showSafety(analysis.safety)
}

function refused({ error }: CareRecording): void {
  talk.step = 'failed'
  talk.problem = error?.title ?? careText('care.talk.failed')
  talk.deaf = isDeaf(error?.code)
}

function failed(error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return
  noticeRefusal(error)
  talk.step = 'failed'
  talk.problem = careProblem(error)
  talk.deaf = error instanceof ApiError && isDeaf(error.code)
}

const isDeaf = (code: string | undefined): boolean => code === 'NO_SPEECH_MODEL' || code === 'SPEECH_OFF'

export async function sendWords(text: string): Promise<boolean> {
  const signal = begin()
  talk.problem = ''
  talk.step = 'sending'
  try {
    const { analysis, safety } = await client.care.write({ text, keep_text: talk.keepText }, { signal })
    if (signal.aborted || !analysis) return false
    Object.assign(talk, { ...idle, step: 'done', found: { words: text, spoken: false, analysis } })
    showSafety(safety)
    return true
  } catch (error) {
    failed(error, signal)
    return false
  }
}

/** What the server still listens to since before the page was loaded. */
export async function takeUp(): Promise<void> {
  if (talk.step !== 'idle') return
  const { signal } = turn
  const latest = await client.care.recordings({ limit: 1 }, { signal }).catch(() => undefined)
  const job = latest?.items[0]
  if (!job || talk.step !== 'idle' || signal.aborted) return
  if (job.state !== 'queued' && job.state !== 'listening' && job.state !== 'analysing') return
  const mine = begin()
  await follow(job, mine).catch((error: unknown) => failed(error, mine))
}

/** Nothing of it is wanted any more. */
export async function stopTelling(): Promise<void> {
  const { job, recording } = talk
  begin()
  clearInterval(ticking)
  recording?.discard()
  Object.assign(talk, idle)
  // What is not asked for any more ends by itself, too, only later.
  if (job) await client.care.endRecording(job.id).catch(() => {})
}

watch(
  () => session.status,
  (status) => {
    if (status !== 'out') return
    begin()
    clearInterval(ticking)
    talk.recording?.discard()
    Object.assign(talk, idle, { keepText: false })
  },
)
