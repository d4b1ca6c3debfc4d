import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { StartupError } from '../startup-error.ts'

export type OwnServer = {
  url: URL
  start(): Promise<void>
  /** Without a chance to tidy up: SIGKILL. */
  kill(): Promise<void>
  /** Ends it and removes its data. */
  remove(): void
}

const MAIN = join(import.meta.dirname, '../main.ts')

/** A server of the demo's own: a process that can be killed, on a free port, with data in a temporary folder. */
export async function createOwnServer(): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bigtech-demo-'))
  const port = await freePort()
  let child: ChildProcess | undefined

  return {
    url: new URL(`http://127.0.0.1:${port}`),
    async start() {
      const env = {
        ...process.env,
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        DEMO_DATA: 'false',
        LOG_LEVEL: 'silent',
        NODE_ENV: 'development',
        GATEWAY_PORT: String(port),
        USER_SERVICE_PORT: '0',
        FRIEND_SERVICE_PORT: '0',
        CHAT_SERVICE_PORT: '0',
        NOTIFICATION_SERVICE_PORT: '0',
        AI_SERVICE_PORT: '0',
        ANALYTICS_SERVICE_PORT: '0',
      }
      child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      const started = child
      let errors = ''
      started.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: started.stdout! }).on('line', (line) => line.includes('Ready after') && resolve())
        started.once('error', reject)
        started.once('exit', () => reject(new StartupError(`The demo's server did not start.\n${errors}`)))
      })
    },
    async kill() {
      if (!child || child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    remove() {
      child?.kill('SIGKILL')
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The same port must do for the second start: it is chosen once. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
