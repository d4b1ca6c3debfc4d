import { AudioError } from '../errors.ts'
import type { Answer, Job } from './messages.ts'

/** The process that reads one recording: it is asked once, answers once, and is ended by who started it. */
process.once('message', (job: Job) => {
  void answer(job).then((message) => process.send!(message))
})
// Who asked is gone: nobody wants the answer.
process.once('disconnect', () => process.exit())

async function answer({ task, bytes, maxSeconds }: Job): Promise<Answer> {
  try {
    const { openRecording } = await import('./recording.ts')
    const recording = await openRecording(bytes)
    if (task === 'probe') return { probe: await recording.probe() }
    const { decode } = await import('./decode.ts')
    return { samples: await decode(recording, bytes, maxSeconds) }
  } catch (error) {
    if (error instanceof AudioError) return { error: { kind: error.kind, message: error.message } }
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'no reason given'
    return { error: { kind: 'corrupt', message: `a whole recording was expected; reading it failed: ${reason}` } }
  }
}
