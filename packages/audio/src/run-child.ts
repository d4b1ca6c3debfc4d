import { once } from 'node:events'
import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { type Answer, type AudioProbe, type Job, SAMPLES_FD } from './child/messages.ts'
import { AudioError, tooLong } from './errors.ts'
import { type AudioLimits, SAMPLE_RATE } from './limits.ts'
import { residentMb } from './resident.ts'
import type { Span } from './speech.ts'

/** Chat goes first (the same as background threads of the server). */
const NICE = 10
const WATCH_MS = 20
const KEPT_STDERR = 2_000

type Result = Readonly<{ probe: AudioProbe }> | Readonly<{ samples: Float32Array; pieces: readonly Span[] }>

/**
 * Has a process of its own do one job, and ends it: hostile bytes meet native code there, and nothing but SIGKILL stops a call into it. It gets no
 * environment, so no secrets. Bytes and samples go through pipes, piece by piece, so that megabytes
 * of them do not hold up this process. When the promise settles the other one is gone.
 * @throws AudioError
 */
export async function runChild(
  task: Omit<Job, 'maxSeconds'>,
  bytes: Uint8Array,
  limits: AudioLimits,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal?.aborted) throw cancelled(signal)
  const child = fork(join(import.meta.dirname, 'child/main.ts'), [], {
    execArgv: [`--max-old-space-size=${limits.maxMemoryMb}`],
    env: {},
    stdio: ['pipe', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  // Without a file descriptor left there is no process and no pipe, and an error that nobody hears would end this one.
  if (child.pid === undefined) {
    const [cause] = (await once(child, 'error').catch((error: unknown) => [error])) as [unknown]
    throw new AudioError('died', 'a process that decodes was expected to start', { cause })
  }
  lowerPriority(child)
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR)
  })

  let outcome: Exclude<Answer, { error: unknown }> | AudioError | undefined
  /** The first reason wins; the process ends, and with it the wait. */
  const end = (reason: NonNullable<typeof outcome>): void => {
    outcome ??= reason
    child.kill('SIGKILL')
  }
  const pieces: Buffer[] = []
  let received = 0
  ;(child.stdio[SAMPLES_FD] as Readable).on('data', (piece: Buffer) => {
    received += piece.length
    if (received > (limits.maxSeconds + 1) * SAMPLE_RATE * Float32Array.BYTES_PER_ELEMENT)
      end(tooLong(limits.maxSeconds))
    else pieces.push(piece)
  })
  const onAbort = () => end(cancelled(signal!))
  const onTime = () => end(new AudioError('timeout', `an answer within ${limits.timeoutMs} ms was expected`))
  const timer = setTimeout(onTime, limits.timeoutMs)
  const watch = setInterval(() => {
    void residentMb(child.pid).then((mb) => {
      if (mb !== null && mb > limits.maxMemoryMb) end(tooMuchMemory(limits))
    })
  }, WATCH_MS)
  signal?.addEventListener('abort', onAbort)
  try {
    await new Promise<void>((resolve) => {
      child.once('message', (answer: Answer) => {
        end('error' in answer ? new AudioError(answer.error.kind, answer.error.message) : answer)
      })
      // `close` comes after `exit`, when all it wrote has been read.
      child.once('close', () => resolve())
      child.once('error', (cause) =>
        end(new AudioError('died', 'a process that decodes was expected to go on', { cause })),
      )
      // When it ended before it was asked or had read all, `close` says so.
      child.stdin!.on('error', () => {}).end(bytes)
      child.send({ ...task, maxSeconds: limits.maxSeconds } satisfies Job, () => {})
    })
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    signal?.removeEventListener('abort', onAbort)
  }
  outcome ??= stderr.includes('heap out of memory') ? tooMuchMemory(limits) : died(child)
  if (outcome instanceof AudioError) throw outcome
  if ('probe' in outcome) return outcome
  if (received !== outcome.samples * Float32Array.BYTES_PER_ELEMENT) throw died(child)
  return { samples: await joined(pieces, outcome.samples), pieces: outcome.pieces }
}

/** Copied in one turn of the loop: about a millisecond. */
const BYTES_A_TURN = 2 * 1024 * 1024

/** Ten minutes are 38 MB; others have their turn in between. */
async function joined(pieces: readonly Buffer[], length: number): Promise<Float32Array> {
  const samples = new Float32Array(length)
  const bytes = Buffer.from(samples.buffer)
  let at = 0
  let turnEnds = BYTES_A_TURN
  for (const piece of pieces) {
    at += piece.copy(bytes, at)
    if (at < turnEnds) continue
    await setImmediate()
    turnEnds = at + BYTES_A_TURN
  }
  return samples
}

const cancelled = (signal: AbortSignal) =>
  new AudioError('cancelled', 'the caller no longer wants it', { cause: signal.reason })

const tooMuchMemory = ({ maxMemoryMb }: AudioLimits) =>
  new AudioError('too_much_memory', `a recording that is decoded within ${maxMemoryMb} MiB was expected`)

function died(child: ChildProcess): AudioError {
  const how = child.signalCode ?? `code ${child.exitCode}`
  return new AudioError('died', `an answer was expected; the process ended with ${how}`)
}

/** Right after the start, before it has threads: on Linux they inherit it. */
function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    setPriority(child.pid, NICE)
  } catch {
    // It has ended already, or the system has no priorities: the work is the same.
  }
}
