import { createPrivateKey, type KeyObject } from 'node:crypto'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { createLogger } from '@bigtech/telemetry'
import { spawnProgram, tempDir, type Cleanup, type Program } from '@bigtech/testkit'
import { join } from 'node:path'
import { config } from '@bigtech/server/config'
import { FREE_PORTS } from '@bigtech/server/settings'
import { perService, type Role } from '@bigtech/server/roles'
import { startServer, type Server } from '@bigtech/server/server'

export type Urls = Readonly<Record<Role, string>>

/** Environment of a server for tests: free ports, no demo data, cheap password hashes, no rate limit in the way. */
export const testEnv = (dataDir: string): Record<string, string> => ({
  DATA_DIR: dataDir,
  ...FREE_PORTS,
  DEMO_DATA: 'false',
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
  PASSWORD_HASH_MEMORY: '64KB',
  RATE_LIMIT_ANONYMOUS: '10000000',
  RATE_LIMIT_USER: '10000000',
  STREAMS_PER_USER: '100000',
  STREAMS_PER_ADDRESS: '100000',
  LOGIN_ATTEMPTS: '10000',
  LOGIN_ATTEMPTS_ADDRESS: '10000',
})

/** `server`: what tests reach inside of it for. */
export type TestServer = {
  urls: Urls
  /** Each process of chat-service on its own port. */
  chats: readonly string[]
  dataDir: string
  server: { profile: Pick<Server['profile'], 'bus' | 'services'> }
  /** The bytes of every file that is kept. */
  blobs(this: void): Promise<Buffer[]>
  /** That signs the access tokens. */
  privateKey(this: void): Promise<KeyObject>
}

/** What the whole system of a test runs on: TEST_PROFILE. */
export const testProfile = process.env['TEST_PROFILE'] === 'distributed' ? 'distributed' : 'embedded'

/** For `skip` of tests that look into the files of the embedded profile. */
export const embeddedOnly = testProfile === 'embedded' ? false : 'looks into the files of the embedded profile'

/** Starts the whole system in this process, on the profile that is tested; it is stopped after the test. */
export async function startTestServer(t: Cleanup, env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = env['DATA_DIR'] ?? tempDir(t)
  if (testProfile === 'distributed') {
    const { distributedEnv, startDistributed } = await import('./distributed-server.ts')
    return { dataDir, ...(await startDistributed(t, { ...testEnv(dataDir), ...distributedEnv(), ...env })) }
  }
  const settings = config.parse({ ...testEnv(dataDir), ...env })
  const server = await startServer(settings, createLogger({ level: settings.LOG_LEVEL }))
  t.after(() => server.close())
  return {
    urls: server.urls,
    chats: [server.urls.chat],
    dataDir,
    server,
    blobs: async () =>
      ['blobs', 'profile-images']
        .flatMap((folder) => readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
    async privateKey() {
      const [file] = globSync('**/*.pem', { cwd: dataDir, exclude: (name) => name.endsWith('.pub.pem') })
      return createPrivateKey(readFileSync(join(dataDir, file!)))
    },
  }
}

/** The addresses below which every service answers, as the gateway offers them. */
export const behindGateway = ({ gateway }: Pick<Urls, 'gateway'>): Urls => {
  const api = `${gateway}/api`
  return { ...perService(() => api), gateway }
}

export const MAIN = join(import.meta.dirname, '../../apps/server/src/main.ts')

export type ServerProgram = Program & { urls(): Promise<Urls> }

/** Starts `node apps/server/src/main.ts` as a process of its own. */
export async function spawnServer(
  t: Cleanup,
  env: Record<string, string | undefined>,
  options: { ready?: boolean; args?: readonly string[] } = {},
): Promise<ServerProgram> {
  const dataDir = env['DATA_DIR'] ?? tempDir(t)
  const program = await spawnProgram(t, {
    file: MAIN,
    args: options.args ?? [],
    env: { ...testEnv(dataDir), ...env },
    readyTimeoutMs: 30_000,
    ...(options.ready === false ? {} : { ready: /Ready after/ }),
  })
  const address = async (name: string) => new URL((await program.line(new RegExp(`${name}\\s+(http\\S+)`)))[1]!).origin
  return {
    ...program,
    urls: async () => ({
      gateway: await address('API \\(gateway\\)'),
      user: await address('user-service'),
      friend: await address('friend-service'),
      chat: await address('chat-service'),
      notification: await address('notification-service'),
      ai: await address('ai-service'),
      analytics: await address('analytics-service'),
    }),
  }
}
