import { spawn, type ChildProcess } from 'node:child_process'
import type { Cleanup } from './resources.ts'

export type Exit = Readonly<{ code: number | null; signal: NodeJS.Signals | null }>

export type Program = {
  readonly pid: number
  /** All it wrote to standard output and standard error so far, in the order of arrival. */
  output(): string
  /**
   * The first line so far or to come that matches (its match, with groups).
   * @throws when the program ends or `timeoutMs` (default 15 s) passes before it
   */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** Sends the signal and waits for the end. After the end: its exit, no signal. */
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<Exit>
  /** Resolves when the program has ended and its output is complete. */
  readonly exited: Promise<Exit>
}

const DEFAULT_TIMEOUT_MS = 15_000

/**
 * Starts `node file ...args` as a process of its own; it is killed after the test if it still runs.
 * @param options.env added to this process's environment; undefined removes a variable
 * @param options.ready waits for a line that matches before it returns
 */
export async function spawnProgram(
  t: Cleanup,
  options: {
    file: string
    args?: readonly string[]
    cwd?: string
    env?: Readonly<Record<string, string | undefined>>
    nodeOptions?: readonly string[]
    ready?: RegExp
    readyTimeoutMs?: number
  },
): Promise<Program> {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), options.file, ...(options.args ?? [])], {
    cwd: options.cwd,
    // NODE_TEST_CONTEXT would make a child that is itself a test file report to our runner.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return watchProgram(t, child, { ...options, name: options.file })
}

/**
 * A program that was started in another way, with pipes for its output; it is killed after the test if it still runs.
 * @param options.name for messages
 * @param options.kill how it gets a signal, when that of the child would not reach it
 * @param options.ready waits for a line that matches before it returns
 */
export async function watchProgram(
  t: Cleanup,
  child: ChildProcess,
  options: {
    name: string
    kill?: (signal: NodeJS.Signals) => unknown
    ready?: RegExp
    readyTimeoutMs?: number
  },
): Promise<Program> {
  const { name, kill = (signal) => child.kill(signal) } = options
  let output = ''
  let exit: Exit | undefined
  const changed = new Set<() => void>()
  const notify = () => {
    for (const look of changed) look()
  }
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      notify()
    })
  }
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      exit = { code, signal }
      notify()
      resolve(exit)
    })
  })
  const program: Program = {
    pid: child.pid ?? -1,
    output: () => output,
    exited,
    line(pattern, timeoutMs = options.readyTimeoutMs ?? DEFAULT_TIMEOUT_MS) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          clearTimeout(timer)
          changed.delete(look)
        }
        const fail = (why: string) => {
          stop()
          reject(new Error(`${name}: ${why} before a line matched ${String(pattern)}. Its output:\n${output}`))
        }
        const look = () => {
          const match = firstMatch(output, pattern, exit !== undefined)
          if (match) {
            stop()
            resolve(match)
          } else if (exit) fail(`ended (${exit.signal ?? exit.code})`)
        }
        const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs)
        changed.add(look)
        look()
      })
    },
    async kill(signal) {
      if (!exit) await kill(signal)
      return exited
    },
  }
  t.after(() => program.kill('SIGKILL'))
  if (options.ready) await program.line(options.ready, options.readyTimeoutMs)
  return program
}

/** Only complete lines count, unless no more can come. */
function firstMatch(output: string, pattern: RegExp, ended: boolean): RegExpExecArray | undefined {
  const lines = output.split('\n')
  if (!ended) lines.pop()
  const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
  for (const line of lines) {
    const match = stateless.exec(line)
    if (match) return match
  }
  return undefined
}
