import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { removeFolder, startProcess, stopProcess, temporaryFolder } from './processes.ts'

export type Product = {
  urls: { gateway: string; user: string; friend: string; chat: string }
  pid: number
  /** The data folder. */
  folder: string
  stop(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../..')

/** What `npm start` runs: the settings and arguments of node, read from package.json. */
function startCommand(): { env: Record<string, string>; args: string[] } {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const [settings, command] = scripts.start.split('exec node ')
  if (command === undefined) throw new Error(`cannot read the start script of package.json: ${scripts.start}`)
  const words = (text: string | undefined) => text?.split(' ').filter((word) => word !== '') ?? []
  return {
    env: Object.fromEntries(words(settings).map((word) => word.split('=', 2) as [string, string])),
    args: words(command),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Starts the real program as `npm start` does (durability, logs, metrics, authorisation on), on free ports and a data folder of
 * its own that is removed when it stops.
 * @param options.prepare fills the data folder before the start
 * @param options.env settings other than the default
 */
export async function startProduct(
  options: { prepare?: (folder: string) => Promise<void>; env?: Record<string, string> } = {},
): Promise<Product> {
  const folder = temporaryFolder()
  await options.prepare?.(folder)
  const ports = { gateway: await freePort(), user: await freePort(), friend: await freePort(), chat: await freePort() }
  const { env, args } = startCommand()
  const extra = process.env['BENCH_NODE_ARGS']?.split(' ') ?? []
  const child = startProcess([...extra, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...env,
      DATA_DIR: folder,
      LOG_FILE: join(folder, 'server.log'),
      DEMO_DATA: 'false',
      RATE_LIMIT_ANONYMOUS: '1000000',
      RATE_LIMIT_USER: '100000000',
      STREAMS_PER_USER: '1000000',
      STREAMS_PER_ADDRESS: '1000000',
      GATEWAY_PORT: `${ports.gateway}`,
      USER_SERVICE_PORT: `${ports.user}`,
      FRIEND_SERVICE_PORT: `${ports.friend}`,
      CHAT_SERVICE_PORT: `${ports.chat}`,
      ANALYTICS_SERVICE_PORT: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', (text: Buffer) => text.includes('Ready after') && resolve())
    child.once('exit', () => reject(new Error('the server ended before it was ready')))
  })
  const url = (port: number) => `http://127.0.0.1:${port}`
  return {
    urls: { gateway: url(ports.gateway), user: url(ports.user), friend: url(ports.friend), chat: url(ports.chat) },
    pid: child.pid!,
    folder,
    async stop() {
      await stopProcess(child)
      removeFolder(folder)
    },
  }
}
