/**
 * The process that holds the model. It is started with `fork`, takes one window at a time and ends when its parent does. The addon works synchronously: this process hears
 * nothing while it recognises, so its parent watches its time and memory, and ends it with SIGKILL.
 */
import { setPriority } from 'node:os'
import type { Whisper } from '@napi-rs/whisper'
import type { ChildAnswer, ChildOptions, WindowRequest } from './protocol.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions
// Threads inherit it, so it comes before the addon's are made.
setPriority(options.niceness)

const answer = (message: ChildAnswer): void => void process.send?.(message)
process.on('disconnect', () => process.exit(0))

const addon = await import('@napi-rs/whisper').catch(() => undefined)
const model = addon && load(addon.Whisper)
if (!addon) answer({ type: 'failed', why: 'unsupported' })
else if (!model) answer({ type: 'failed', why: 'unusable' })
else {
  const { Whisper, WhisperFullParams, WhisperSamplingStrategy } = addon
  process.on('message', ({ samples, language, audioCtx }: WindowRequest) => {
    if (Whisper.langId(language) < 0 || (!model.isMultilingual && language !== 'en'))
      return answer({ type: 'failed', why: 'language' })
    const params = new WhisperFullParams(WhisperSamplingStrategy.Greedy)
    params.language = language
    params.nThreads = options.threads
    params.audioCtx = audioCtx
    // What was said before a window leads the model into loops more often than it helps.
    params.noContext = true
    params.noTimestamps = true
    params.singleSegment = true
    params.suppressBlank = true
    params.suppressNonSpeechTokens = true
    params.printProgress = false
    params.printRealtime = false
    params.printTimestamps = false
    try {
      const before = process.cpuUsage()
      const text = model.full(params, samples).trim()
      const { user, system } = process.cpuUsage(before)
      answer({ type: 'text', text, rssBytes: process.memoryUsage.rss(), cpuMicros: user + system })
    } catch {
      answer({ type: 'failed', why: 'window' })
    }
  })
  answer({ type: 'ready' })
}

/** By its path: the addon reads the file itself, so that it is in memory once. */
function load(constructor: typeof Whisper): Whisper | undefined {
  try {
    return new constructor(options.model, { useGpu: false })
  } catch {
    return undefined
  }
}
