import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The gateway, where the documents say that it is. */
export const API = 'http://localhost:8080/api'

/** A first start installs and builds. ms */
const READY_MS = 10 * 60_000
const ENDS_MS = 30_000
/** A command that has not ended by then is ended. ms */
const RUNS_MS = 5 * 60_000

/** Process groups of what runs: however this process ends, nothing of it stays. */
const groups = new Set<number>()
process.on('exit', () => {
  for (const pid of groups) endGroup(pid)
})

function endGroup(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has just ended.
  }
}

/** As a terminal has it: a group of its own. */
function spawnGroup(program: string, args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(program, args, { cwd, env: clean(), stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const { pid } = child
  if (pid !== undefined) {
    groups.add(pid)
    child.once('close', () => groups.delete(pid))
  }
  return child
}

export type Outcome = Readonly<{ code: number; output: string }>

/** A folder that somebody has just cloned, and the server that they started in it. */
export class Place {
  readonly folder: string
  readonly #log: string
  #server: ChildProcess | undefined

  private constructor(folder: string) {
    this.folder = folder
    this.#log = `${folder}.log`
  }

  /** A clone of `root` at `revision`, with nothing else. */
  static async clone(root: string, folder: string, revision: string): Promise<Place> {
    await execute('git', ['clone', '--quiet', '--no-hardlinks', root, folder])
    await execute('git', ['-C', folder, '-c', 'advice.detachedHead=false', 'checkout', '--quiet', revision])
    return new Place(folder)
  }

  /** As somebody would in a shell there. @param typed what they answer when they are asked */
  async run(command: string, typed = ''): Promise<Outcome> {
    console.log(`  $ ${command.trim().split('\n').join('\n    ')}`)
    const child = spawnGroup('bash', ['-euo', 'pipefail', '-c', command], this.folder)
    child.stdin!.on('error', () => {}).end(typed)
    let output = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const timer = setTimeout(() => {
      output += `\nnot ended after ${RUNS_MS / 1_000} s`
      endGroup(child.pid!)
    }, RUNS_MS)
    const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)))
    clearTimeout(timer)
    return { code, output }
  }

  /** @throws with what it said, unless it ended with 0 */
  async must(command: string, typed?: string): Promise<string> {
    const { code, output } = await this.run(command, typed)
    if (code !== 0) throw new Error(`"${command}" ended with ${code}:\n${output.slice(-4_000)}`)
    return output
  }

  /** `npm start`. @returns once it says where it is; it says so how long that took */
  async start(): Promise<void> {
    console.log('  $ npm start')
    const began = performance.now()
    const child = spawnGroup('npm', ['start'], this.folder)
    child.stdin!.end()
    this.#server = child
    let output = ''
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready after ${READY_MS / 1_000} s:\n${output}`)), READY_MS)
      for (const stream of [child.stdout!, child.stderr!])
        stream.setEncoding('utf8').on('data', (text: string) => {
          appendFileSync(this.#log, text)
          output += text
          if (/BigTech Chat +http/.test(output)) resolve()
        })
      child.once('close', (code, signal) => {
        clearTimeout(timer)
        reject(new Error(`npm start ended with ${signal ?? code}:\n${output.slice(-4_000)}`))
      })
      timer.unref()
    })
    console.log(`    ready after ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }

  /** Ctrl-C, which reaches all of a terminal's foreground. @throws when it does not end with 0 */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const child = this.#server
    this.#server = undefined
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
    console.log(signal === 'SIGINT' ? '  Ctrl-C' : `  ${signal}`)
    const ended = new Promise<number | null>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ended ${ENDS_MS / 1_000} s after ${signal}`)), ENDS_MS)
      child.once('close', (code) => {
        clearTimeout(timer)
        resolve(code)
      })
    })
    endGroup(child.pid, signal)
    const code = await ended
    if (signal === 'SIGINT' && code !== 0 && code !== 130) throw new Error(`it ended with ${code} after Ctrl-C`)
  }

  /** What the server wrote, to its terminal or its log, in all its lives. */
  log(): string {
    const files = [this.#log, join(this.folder, 'data/server.log')].filter((file) => existsSync(file))
    return files.map((file) => readFileSync(file, 'utf8')).join('\n')
  }

  scripts(): Readonly<Record<string, string>> {
    return (JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
      .scripts
  }
}

/** The environment of a new terminal: nothing of the npm, the settings or the programs of the tree that the trial is started from. */
export function clean(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(HOME|PATH|LANG|LC_.*|TERM|USER|TMPDIR|HTTPS?_PROXY|NO_PROXY|NPM_CONFIG_.*|npm_config_registry|NODE_EXTRA_CA_CERTS)$/i.test(
      name,
    ),
  )
  const path = (process.env['PATH'] ?? '').split(':').filter((one) => !one.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: path.join(':') }
}
