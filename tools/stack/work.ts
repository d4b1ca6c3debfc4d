import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stackFolder } from './folder.ts'

/** What goes wrong outside of this program, said in one line. */
export class StackError extends Error {}

export const WORK = stackFolder()

/** Of the ports of the servers, with their own ports for each other, the highest one is below this. */
const HIGHEST = 30_000

/** Added to every port, so that two clones can have a stack each: `STACK_PORT_OFFSET=1000`. What runs keeps the one it was started with. */
const OFFSET = offsetOf(process.env['STACK_PORT_OFFSET'])
export const port = (usual: number): number => usual + OFFSET

function offsetOf(text = '0'): number {
  const offset = Number(text.trim() === '' ? Number.NaN : text)
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= 65_535 - HIGHEST) return offset
  console.error(`STACK_PORT_OFFSET is "${text}"; expected a number from 0 to ${65_535 - HIGHEST}`)
  process.exit(2)
}

export const place = (...parts: string[]): string => join(WORK, ...parts)

export function folder(...parts: string[]): string {
  const path = place(...parts)
  mkdirSync(path, { recursive: true })
  return path
}

export const forget = (...parts: string[]): void => rmSync(place(...parts), { recursive: true, force: true })

// Debian keeps servers where only root looks.
const PATH = [process.env['PATH'], '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin'].join(delimiter)

/** @returns the program's path, undefined when it is not installed */
export function find(program: string): string | undefined {
  return PATH.split(delimiter)
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path))
}

/** Installs Debian packages where that can be done without asking; says what is missing where it cannot. */
export function needPrograms(programs: readonly string[], packages: readonly string[]): void {
  const missing = () => programs.filter((program) => !find(program))
  if (missing().length === 0) return
  if (process.getuid?.() === 0 && find('apt-get')) {
    console.log(`  installing ${packages.join(', ')}`)
    const apt = ['-o', 'DPkg::Lock::Timeout=600', '-qq']
    // Servers that Debian starts by itself would take ports and memory.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    run('apt-get', [...apt, 'update'], { env })
    run('apt-get', [...apt, 'install', '--yes', '--no-install-recommends', ...packages], { env })
  }
  if (missing().length > 0)
    throw new StackError(
      `${missing().join(', ')} not found: install ${packages.join(', ')} (Debian, Ubuntu: sudo apt-get install ${packages.join(' ')})`,
    )
}

/** Runs a command to its end. @throws StackError with the end of its output */
export function run(program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const done = spawnSync(find(program) ?? program, args, {
    cwd: options.cwd ?? WORK,
    env: { ...(options.env ?? process.env), PATH },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (done.error) throw new StackError(`${program}: ${done.error.message}`)
  if (done.status === 0) return done.stdout
  const output = `${done.stdout}${done.stderr}`.trim().split('\n').slice(-8).join('\n')
  throw new StackError(`${program} ${args.slice(0, 2).join(' ')} ended with ${done.status ?? done.signal}:\n${output}`)
}

type Running = { pid: number; began: string; offset: number }

const pidFile = (name: string) => place('run', `${name}.json`)
export const logFile = (name: string): string => place('run', `${name}.log`)

/**
 * When the process began, so that a number that was given again is not taken for it. Empty where the system does not say; 'ended' for one that
 * only its parent has not yet taken notice of.
 */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '')
  } catch {
    // No such process, or no such file system: the caller asks with a signal.
    return ''
  }
}

/**
 * The process that `launch` started under this name, if it still runs.
 * @throws StackError when it was started with another STACK_PORT_OFFSET: it is not where it would be looked for
 */
export function pidOf(name: string): number | undefined {
  const running = readRunning(name)
  if (!running) return undefined
  const { pid, began, offset } = running
  try {
    process.kill(pid, 0)
  } catch {
    return undefined
  }
  if (beganAt(pid) !== began) return undefined
  if (offset !== OFFSET)
    throw new StackError(
      `${name} runs with STACK_PORT_OFFSET=${offset}: set it to that, as in the shell that started it`,
    )
  return pid
}

/** Undefined also for half a file: its writer was cut off, and what it had started is not known. */
function readRunning(name: string): Running | undefined {
  try {
    const found = JSON.parse(readFileSync(pidFile(name), 'utf8')) as Partial<Running> | null
    return Number.isSafeInteger(found?.pid) ? { began: '', offset: 0, ...found, pid: found!.pid! } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Starts a server that outlives this program; its output goes to the log.
 * @param ports where it will listen: somebody else there would be taken for it
 */
export async function launch(name: string, ports: readonly number[], program: string, args: readonly string[]) {
  folder('run')
  for (const at of ports)
    if (await listens(at))
      throw new StackError(
        `${name} cannot have port ${at}: another program listens there (STACK_PORT_OFFSET moves all ports)`,
      )
  const log = openSync(logFile(name), 'a')
  const child: ChildProcess = spawn(find(program) ?? program, args, {
    cwd: WORK,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH },
  })
  closeSync(log)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new StackError(`${program}: ${error.message}`)))
  })
  const running: Running = { pid: child.pid!, began: beganAt(child.pid!), offset: OFFSET }
  writeFileSync(`${pidFile(name)}.new`, JSON.stringify(running))
  renameSync(`${pidFile(name)}.new`, pidFile(name))
  child.unref()
}

/** Ends the server and waits until it is gone. @param signal SIGKILL to see what it keeps */
export async function end(name: string, signal: NodeJS.Signals = 'SIGTERM', limitMs = 30_000): Promise<void> {
  const pid = pidOf(name)
  if (pid !== undefined) {
    process.kill(pid, signal)
    const until = performance.now() + limitMs
    while (pidOf(name) !== undefined) {
      if (performance.now() > until) process.kill(pid, 'SIGKILL')
      await sleep(50)
    }
  }
  rmSync(pidFile(name), { force: true })
}

/** A server that does not answer in this time has not answered. */
const ANSWER_MS = 3_000

/** Waits until `ready` says so, as long as the server lives. @throws StackError with the end of its log */
export async function waitUntil(name: string, ready: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const until = performance.now() + limitMs
  const answered = () => Promise.race([ready(), sleep(ANSWER_MS, false, { ref: false })])
  // It may answer and end just after: that is no start either.
  while (!(await answered()) || pidOf(name) === undefined) {
    const log = existsSync(logFile(name)) ? readFileSync(logFile(name), 'utf8').trim().split('\n').slice(-5) : []
    if (pidOf(name) === undefined) throw new StackError(`${name} ended by itself:\n${log.join('\n')}`)
    if (performance.now() > until)
      throw new StackError(`${name} is not ready after ${limitMs / 1_000} s:\n${log.join('\n')}`)
    await sleep(100)
  }
}

/** Whether somebody listens there. */
export function listens(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port: at })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
