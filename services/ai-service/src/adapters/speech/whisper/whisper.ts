import { SAMPLE_RATE, spokenPieces } from '@bigtech/audio'
import { createSemaphore } from '@bigtech/kernel'
import { CareFailure, type SpeechState, type SpeechToText, type Transcript } from '../../../ports.ts'
import { cancelled, unlessAborted } from '../../failures.ts'
import { knowsLanguage, languageOf } from './languages.ts'
import { withoutLoops } from './loops.ts'
import { identityOf, runsHere } from './machine.ts'
import { startModelProcess, type ModelProcess } from './model-process.ts'

/** Whisper hears 30 s at a time. With less the encoder needs less memory: 28 s were 390 MB in the child, 20 s about 320. */
const WINDOW_S = 20
/** How long a model stays in memory that was only tried, ms. */
const TRIED_MS = 5_000
/** Frames of the encoder in a second. */
const FRAMES_PER_S = 50
/** Of 30 s. For short speech the encoder is given less, at a fraction of the time; below 512 the model began to loop (CER 17 % instead of 10 %). */
const MOST_FRAMES = 1_500
const LEAST_FRAMES = 512
/** Room after the end of the speech. */
const SPARE_FRAMES = 96

export type WhisperOptions = Readonly<{
  /** A ggml file of Whisper, several languages in it; `npm run care:model` puts one in place. */
  modelFile: string
  /** Default: 1, so that the machine stays with those who chat. */
  threads?: number
  /** From 0 to 19, as `nice` has it. Default: 10. */
  niceness?: number
  /** How long the model stays in memory with nothing to do. Default: a minute. */
  idleMs?: number
  /** A child that grows beyond is ended. Default: 600 MB. */
  maxRssBytes?: number
  /** How long a window may take: so much, and so many times its length. Default: 20 s and 10 times. */
  limits?: Readonly<{ baseMs: number; perAudioSecondMs: number; loadMs: number }>
  /** What is started as the child; for tests of what becomes of children. */
  program?: URL
}>

export type WhisperSpeech = SpeechToText &
  Readonly<{ /** Of the child that holds the model, if there is one. */ pid(): number | undefined }>

/**
 * Whisper on this machine. The model is in a child process of low priority, loaded for the first recording and kept while there is work; a child that dies or is ended costs the
 * recording under way and no other. Recordings come one after another.
 */
export function createWhisper(options: WhisperOptions): WhisperSpeech {
  const {
    modelFile,
    threads = 1,
    niceness = 10,
    idleMs = 60_000,
    maxRssBytes = 600e6,
    limits = { baseMs: 20_000, perAudioSecondMs: 10_000, loadMs: 60_000 },
    program = new URL('./child.ts', import.meta.url),
  } = options
  const turns = createSemaphore(1)
  let child: ModelProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let isUnsupported = false
  /** What became of the file when it was loaded. */
  let known: Readonly<{ file: string; isUsable: boolean }> | undefined
  let trial: Promise<void> | undefined
  let isClosed = false

  async function state(): Promise<SpeechState> {
    if (isUnsupported || !(await runsHere())) return 'unsupported'
    const file = await identityOf(modelFile)
    if (file === undefined) return 'no_model'
    if (known?.file !== file) await (trial ??= tryOut(file).finally(() => (trial = undefined)))
    if (isUnsupported) return 'unsupported'
    return known?.isUsable ? 'ready' : 'no_model'
  }

  /** A file that begins as a model may be half of one: only loading it tells. It stays in memory for a recording that may be why it was looked at. */
  async function tryOut(file: string): Promise<void> {
    // What is in memory is of the file before. While it works, so does speech.
    if (child?.isAlive() && known && turns.pending() > 0) return
    clearTimeout(idle)
    if (known) rest()
    try {
      await modelProcess(new AbortController().signal)
      known = { file, isUsable: true }
      if (turns.pending() === 0 && !isClosed) idle = setTimeout(rest, Math.min(idleMs, TRIED_MS))
    } catch (error) {
      // Of one that took too long, on a busy machine, nothing is known.
      const kind = error instanceof CareFailure ? error.kind : undefined
      known = kind === 'unavailable' || kind === 'died' ? { file, isUsable: false } : undefined
    }
  }

  /** Forgotten before it is gone, so that nobody is given one that is about to end. */
  function rest(): void {
    const resting = child
    child = undefined
    void resting?.end()
  }

  /** The child, with the model loaded. */
  async function modelProcess(signal: AbortSignal): Promise<ModelProcess> {
    // Between its pieces, or while its state was looked up, it may have been closed: nobody would end a child that is started now.
    if (isClosed) throw cancelled()
    if (!child?.isAlive()) {
      child = startModelProcess({
        program,
        model: modelFile,
        threads,
        niceness,
        maxRssBytes,
        loadTimeoutMs: limits.loadMs,
        onUnsupported: () => void (isUnsupported = true),
      })
    }
    await unlessAborted(signal, child.ready)
    return child
  }

  async function recognise(
    samples: Float32Array,
    {
      language,
      signal,
      pieces = spokenPieces(samples, WINDOW_S),
      onProgress,
    }: Parameters<SpeechToText['transcribe']>[1],
  ): Promise<string> {
    if (signal.aborted || isClosed) throw cancelled()
    const found = await state()
    if (found !== 'ready') throw new CareFailure('unavailable', `speech is ${found}`)
    const texts: string[] = []
    for (const { start, end } of pieces) {
      const piece = samples.subarray(start, end)
      const seconds = piece.length / SAMPLE_RATE
      const frames = Math.ceil(seconds * FRAMES_PER_S) + SPARE_FRAMES
      const audioCtx = Math.min(MOST_FRAMES, Math.max(LEAST_FRAMES, frames))
      const window = { samples: piece, language: languageOf(language), audioCtx }
      const timeoutMs = limits.baseMs + seconds * limits.perAudioSecondMs
      texts.push(await (await modelProcess(signal)).recognise(window, { signal, timeoutMs }))
      onProgress?.(end / samples.length)
    }
    return withoutLoops(texts.join(' '))
  }

  return {
    name: 'whisper',
    leavesTo: null,
    atOnce: 1,
    pieceSeconds: WINDOW_S,
    knows: knowsLanguage,
    state,
    pid: () => (child?.isAlive() ? child.pid : undefined),
    async transcribe(samples, given): Promise<Transcript> {
      const text = await unlessAborted(
        given.signal,
        turns.run(async () => {
          clearTimeout(idle)
          try {
            return await recognise(samples, given)
          } finally {
            if (!isClosed) idle = setTimeout(rest, idleMs)
          }
        }),
      )
      given.onProgress?.(1)
      return {
        text,
        confidence: null,
        confidence_basis: '이 인식기는 확률을 알려 주지 않습니다.',
        language: given.language,
        alternatives: [],
      }
    },
    async close() {
      isClosed = true
      clearTimeout(idle)
      await child?.end(cancelled())
    },
  }
}
