import { fork, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { CareFailure } from '../../../ports.ts'
import { unlessAborted } from '../../failures.ts'
import type { ChildAnswer, ChildOptions, WindowRequest } from './protocol.ts'

/** How often the memory of a working child is looked at. */
const WATCH_MS = 250

export type ModelProcess = Readonly<{
  pid: number
  /** True until it has ended; a new one is started then. */
  isAlive(): boolean
  /** Resolves when the model is loaded. @throws CareFailure */
  ready: Promise<void>
  /** The text of one window; one at a time. @throws CareFailure, after which the process is gone unless it said itself why not */
  recognise(window: WindowRequest, limits: { signal: AbortSignal; timeoutMs: number }): Promise<string>
  /** With SIGKILL: in the middle of a window it would not hear of anything else. Resolves when it is gone. @param why told to who waits for it */
  end(why?: CareFailure): Promise<void>
}>

/**
 * A child with the model in it. Its environment is empty: it needs nothing of what this process was told.
 * @param options.onUnsupported it cannot run on this machine: the addon did not load, or the processor does not know its instructions
 */
export function startModelProcess(
  options: ChildOptions &
    Readonly<{ program: URL; maxRssBytes: number; loadTimeoutMs: number; onUnsupported: () => void }>,
): ModelProcess {
  const { program, model, threads, niceness } = options
  const given: ChildOptions = { model, threads, niceness }
  // Its output is dropped: the addon's is about the model, and might be about what was said.
  const child = fork(program, [JSON.stringify(given)], {
    env: {},
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let why: CareFailure | undefined
  let expected: PromiseWithResolvers<ChildAnswer> | undefined
  let alive = true

  const gone = Promise.withResolvers<void>()
  const over = (signal: NodeJS.Signals | null, code: number | null) => {
    if (!alive) return
    alive = false
    // Illegal instruction: the addon is built for processors with AVX2.
    if (signal === 'SIGILL') options.onUnsupported()
    expected?.reject(why ?? new CareFailure('died', `the process of the model ended (${signal ?? code})`))
    gone.resolve()
  }
  child.on('exit', (code, signal) => over(signal, code))
  child.on('error', () => over(null, null))
  child.on('message', (message: ChildAnswer) => {
    const answered = expected
    expected = undefined
    answered?.resolve(message)
  })
  const end = (failure?: CareFailure): Promise<void> => {
    why ??= failure
    if (alive) child.kill('SIGKILL')
    return gone.promise
  }

  /** Waits for the child's next word, within limits; whoever gives up ends the child. */
  async function next(timeoutMs: number, signal?: AbortSignal): Promise<ChildAnswer> {
    if (!alive) throw why ?? new CareFailure('died', 'the process of the model has ended')
    expected = Promise.withResolvers()
    const answer = expected.promise
    const late = setTimeout(() => void end(new CareFailure('timeout', `no answer in ${timeoutMs} ms`)), timeoutMs)
    const watch = setInterval(() => void watchMemory(child, options.maxRssBytes, end), WATCH_MS)
    try {
      return await (signal ? unlessAborted(signal, answer) : answer)
    } catch (error) {
      await end()
      throw error
    } finally {
      clearTimeout(late)
      clearInterval(watch)
    }
  }

  async function load(): Promise<void> {
    const answer = await next(options.loadTimeoutMs)
    if (answer.type === 'ready') return
    await end()
    if (answer.type === 'failed' && answer.why === 'unsupported') options.onUnsupported()
    throw new CareFailure('unavailable', answer.type === 'failed' ? REASONS[answer.why] : 'an answer out of turn')
  }
  const ready = load()
  ready.catch(() => {})
  return {
    pid: child.pid ?? -1,
    isAlive: () => alive,
    ready,
    async recognise(window, { signal, timeoutMs }) {
      const answer = next(timeoutMs, signal)
      if (alive) child.send(window, (error) => void (error && end()))
      const message = await answer
      if (message.type === 'text') return message.text
      if (message.type !== 'failed') throw new CareFailure('unavailable', 'an answer out of turn')
      throw new CareFailure(message.why === 'language' ? 'language' : 'unavailable', REASONS[message.why])
    },
    end,
  }
}

const REASONS = {
  unsupported: 'the addon of the recogniser does not run on this machine',
  unusable: 'the file of the model cannot be used: npm run care:model puts one in place',
  language: 'the model does not speak this language',
  window: 'the recogniser refused a window',
} as const

/** Where the system tells it (Linux); elsewhere only time limits a child. */
async function watchMemory(
  { pid }: ChildProcess,
  maxBytes: number,
  end: (failure: CareFailure) => Promise<void>,
): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const rssBytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024
  if (rssBytes <= maxBytes) return
  await end(new CareFailure('died', `the process of the model had ${Math.round(rssBytes / 1e6)} MB and was ended`))
}
