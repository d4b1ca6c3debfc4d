import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from '../stack/work.ts'

const MAIN = join(import.meta.dirname, '../../apps/server/src/main.ts')

export type Part = Readonly<{
  /** As shown, and in the names of files: `user-1`. */
  name: string
  env: Readonly<Record<string, string>>
  logFile: string
}>

export type Running = Readonly<{
  /** Resolves when it says that it is ready. @throws StackError with what it said, when it ends before */
  ready: Promise<void>
  stop(): Promise<void>
}>

/** A process that ended on its own is started again after this, ms: somebody may have killed it to see what happens. */
const AGAIN_MS = 1_000

/** Runs a part as a process of its own until it is stopped. @param onEnd hears when it ended on its own */
export function startPart(part: Part, onEnd: (how: string) => void): Running {
  let child: ChildProcess
  let stopping = false
  let again: NodeJS.Timeout | undefined
  let wasReady = false

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const log = openSync(part.logFile, 'a')
      const { size } = statSync(part.logFile)
      child = spawn(process.execPath, [MAIN], {
        env: { ...process.env, ...part.env },
        // A Ctrl-C is for the launcher, which ends them in order; they end by themselves when its end of the channel closes, however that came.
        stdio: ['ignore', 'pipe', log, 'ipc'],
        detached: true,
      })
      closeSync(log)
      let output = ''
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-2_000)
        if (!output.includes('Ready after')) return
        wasReady = true
        resolve()
      })
      child.once('exit', (code, signal) => {
        const how = signal ?? `code ${code}`
        const said = wordsIn(part.logFile, size)
        reject(new StackError(`${part.name} ended with ${how}${said ? `: ${said}` : ''}\nIts log is ${part.logFile}`))
        // What cannot begin at all does not begin a second later.
        if (stopping || !wasReady) return
        onEnd(how)
        again = setTimeout(() => start().catch(() => {}), AGAIN_MS)
      })
    })

  return {
    ready: start(),
    async stop() {
      stopping = true
      clearTimeout(again)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** What is for people among the lines of a log, from this byte on. */
const wordsIn = (file: string, from: number): string =>
  readFileSync(file)
    .subarray(from)
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('{'))
    .slice(-8)
    .join('\n')
