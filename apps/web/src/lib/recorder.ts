import { recordingBegan, recordingEnded } from '../app/recordings.ts'
import { unfinished } from '../app/unsent.ts'
import type { TextKey } from '../i18n/index.ts'

/** Records from the microphone, telling how loud it is meanwhile. */
export type Recording = {
  /** ms so far */
  elapsed(): number
  /** 0 … 1, of the moment */
  level(): number
  /** Ends the recording. */
  stop(): Promise<File>
  discard(): void
}

/** As long as what is said in a chat may be: then it is sent as it is, of whoever forgot that they are heard. */
export const LONGEST_VOICE_MS = 10 * 60_000

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']

const canRecord = typeof MediaRecorder !== 'undefined' && typeof navigator.mediaDevices?.getUserMedia === 'function'

/** Over plain HTTP no browser gives a microphone: recording is offered, and says so. */
export const offersRecording: boolean = canRecord || !isSecureContext

/** What to tell whoever could not record. */
export function recordingProblem(error: unknown): TextKey {
  if (!isSecureContext) return 'voice.insecure'
  if (!canRecord) return 'voice.impossible'
  return error instanceof DOMException && error.name === 'NotAllowedError' ? 'voice.denied' : 'voice.noMicrophone'
}

/** @throws what `recordingProblem` has words for */
export async function startRecording(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true },
  })
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType, audioBitsPerSecond: 32_000 } : {})
  const chunks: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => data.size > 0 && chunks.push(data))
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1_024
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const began = performance.now()
  recorder.start(250)

  // Whoever leaves the page now would lose it.
  const mark = Symbol('recording')
  unfinished.add(mark)
  recordingBegan(mark)
  const end = () => {
    unfinished.delete(mark)
    recordingEnded(mark)
    for (const track of stream.getTracks()) track.stop()
    void context.close()
  }
  return {
    elapsed: () => performance.now() - began,
    level() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      return Math.min(1, Math.sqrt(power) * 4)
    },
    async stop() {
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }))
      recorder.stop()
      await stopped
      end()
      const type = (recorder.mimeType || 'audio/webm').split(';')[0]!
      const extension = type === 'audio/mp4' ? 'm4a' : type === 'audio/ogg' ? 'ogg' : 'webm'
      return new File(chunks, `voice-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${extension}`, {
        type,
      })
    },
    discard() {
      if (recorder.state !== 'inactive') recorder.stop()
      end()
    },
  }
}
