import { spawn, type ChildProcess } from 'node:child_process'
import { delimiter, join } from 'node:path'

export type Result = Readonly<{ output: string; code: number; seconds: number }>

const running = new Set<ChildProcess>()

/**
 * Runs a command in `root` with the repository's own tools first in PATH; its output comes back whole, in the order of arrival.
 * @param env beside that of this process
 * @param limitS after so many seconds it and what it started are killed; the result then is a failure that says so
 */
export function run(
  root: string,
  command: readonly string[],
  limitS = 1_800,
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const [program, ...args] = command
  const started = performance.now()
  const child = spawn(program!, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that the servers a test started can be ended with it.
    detached: true,
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      NODE_TEST_CONTEXT: undefined,
      // Modules of all test processes are compiled once: a fifth of the time of a short file.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/bigtech'),
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
      ...env,
    },
  })
  running.add(child)
  let output = ''
  let expired = false
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const timer = setTimeout(() => {
    expired = true
    killGroup(child)
  }, limitS * 1_000)
  return new Promise((resolve) => {
    const end = (code: number) => {
      clearTimeout(timer)
      running.delete(child)
      if (expired) output += `\n✖ not ended after ${limitS} s: a server, timer, worker or child process is still open\n`
      resolve({ output, code: expired ? 124 : code, seconds: (performance.now() - started) / 1_000 })
    }
    child.once('error', (error) => {
      output += `${program}: ${error.message}\n`
      end(127)
    })
    child.once('close', (code, signal) => end(code ?? (signal ? 1 : 0)))
  })
}

/** Runs each item, `atOnce` at a time; results in the order of the items. */
export async function pool<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return results
}

/** Ctrl-C reaches only this process (see `detached`): pass it on. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of running) killGroup(child)
    process.exit(130)
  })
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}
