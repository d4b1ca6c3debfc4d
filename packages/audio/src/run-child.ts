import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { Answer, Job } from './child/messages.ts'
import { AudioError } from './errors.ts'
import type { AudioLimits } from './limits.ts'
import { residentMb } from './resident.ts'

/** Chat goes first (the same as background threads of the server). */
const NICE = 10
const WATCH_MS = 20
const KEPT_STDERR = 2_000

/**
 * Has a process of its own do one job, and ends it: hostile bytes meet native code there, and nothing but SIGKILL stops a call into it. It gets no
 * environment, so no secrets. When the promise settles the process is gone.
 * @throws AudioError
 */
export async function runChild(
  job: Job,
  limits: AudioLimits,
  signal: AbortSignal | undefined,
): Promise<Exclude<Answer, { error: unknown }>> {
  if (signal?.aborted) throw cancelled(signal)
  const child = fork(join(import.meta.dirname, 'child/main.ts'), [], {
    execArgv: [`--max-old-space-size=${limits.maxMemoryMb}`],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
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
      child.once('error', (cause) => {
        end(new AudioError('died', 'a process that decodes was expected to start', { cause }))
        if (child.pid === undefined) resolve()
      })
      // When it ended before it was asked, `close` says so.
      child.send(job, () => {})
    })
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    signal?.removeEventListener('abort', onAbort)
  }
  outcome ??= stderr.includes('heap out of memory') ? tooMuchMemory(limits) : died(child, stderr)
  if (outcome instanceof AudioError) throw outcome
  return outcome
}

const cancelled = (signal: AbortSignal) =>
  new AudioError('cancelled', 'the caller no longer wants it', { cause: signal.reason })

const tooMuchMemory = ({ maxMemoryMb }: AudioLimits) =>
  new AudioError('too_much_memory', `a recording that is decoded within ${maxMemoryMb} MiB was expected`)

function died(child: ChildProcess, stderr: string): AudioError {
  const how = child.signalCode ?? `code ${child.exitCode}`
  return new AudioError('died', `an answer was expected; the process ended with ${how}`, { cause: new Error(stderr) })
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
