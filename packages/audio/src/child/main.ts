import { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { AudioError } from '../errors.ts'
import { type Answer, type Job, SAMPLES_FD } from './messages.ts'

/** The process that reads one recording: it is asked once, answers once, and is ended by who started it. */
process.once('message', (job: Job) => {
  void answer(job).then((message) => process.send!(message))
})
// Who asked is gone: nobody wants the answer.
process.once('disconnect', () => process.exit())

async function answer({ task, maxSeconds, pieceSeconds }: Job): Promise<Answer> {
  try {
    const bytes = await buffer(process.stdin)
    const { openRecording } = await import('./recording.ts')
    const recording = await openRecording(bytes)
    if (task === 'probe') return { probe: await recording.probe() }
    const { decode } = await import('./decode.ts')
    const samples = await decode(recording, bytes, maxSeconds)
    await write(samples)
    const { spokenPieces } = await import('../pieces.ts')
    return { samples: samples.length, pieces: pieceSeconds === undefined ? [] : spokenPieces(samples, pieceSeconds) }
  } catch (error) {
    if (error instanceof AudioError) return { error: { kind: error.kind, message: error.message } }
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'no reason given'
    return { error: { kind: 'corrupt', message: `a whole recording was expected; reading it failed: ${reason}` } }
  }
}

/** Resolves when the system has all of it, so that nothing is lost when this process is ended. */
function write(samples: Float32Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const pipe = new Socket({ fd: SAMPLES_FD })
    pipe.once('error', reject)
    pipe.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), () => resolve())
  })
}
