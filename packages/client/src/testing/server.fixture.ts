import { join } from 'node:path'
import { after, before } from 'node:test'
import { freePort, spawnProgram, tempDir, type Cleanup, type Program } from '@bigtech/testkit'
import { createClient, type Client, type ClientOptions } from '../index.ts'
import type { OwnProfile } from '../types.ts'

const MAIN = join(import.meta.dirname, '../../../../apps/server/src/main.ts')
export const PASSWORD = 'Test1234!@'

export type TestServer = {
  url: string
  port: number
  /** kill -9, then the same data and port again. */
  killAndRestart(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
}

/** The real server as a process of its own, with cheap passwords and no limits in the way. */
export async function startServer(t: Cleanup, env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = tempDir(t)
  const port = await freePort()
  let program: Program | undefined
  const server: TestServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    async start() {
      program = await spawnProgram(t, {
        file: MAIN,
        ready: /Ready after/,
        env: {
          DATA_DIR: dataDir,
          DEMO_DATA: 'false',
          LOG_LEVEL: 'silent',
          PASSWORD_HASH_MEMORY: '64KB',
          RATE_LIMIT_ANONYMOUS: '100000',
          RATE_LIMIT_USER: '100000',
          GATEWAY_PORT: String(port),
          USER_SERVICE_PORT: '0',
          FRIEND_SERVICE_PORT: '0',
          CHAT_SERVICE_PORT: '0',
          NOTIFICATION_SERVICE_PORT: '0',
          AI_SERVICE_PORT: '0',
          ANALYTICS_SERVICE_PORT: '0',
          ...env,
        },
      })
    },
    async kill() {
      await program?.kill('SIGKILL')
    },
    async killAndRestart() {
      await server.kill()
      await server.start()
    },
  }
  await server.start()
  return server
}

/** One server for all tests of the suite this is called in. */
export function sharedServer(env: Record<string, string> = {}): () => TestServer {
  const cleanups: (() => unknown)[] = []
  let server: TestServer
  before(async () => {
    server = await startServer({ after: (cleanup) => void cleanups.push(cleanup) }, env)
  })
  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })
  return () => server
}

export type TestUser = { client: Client; profile: OwnProfile; id: number }

/** @param url another address of the same server, a proxy for example */
export async function signUp(url: string, username: string, options: Partial<ClientOptions> = {}): Promise<TestUser> {
  const client = createClient({ baseUrl: url, ...options })
  const email = `${username}@example.com`
  const profile = await client.auth.register({ email, username, password: PASSWORD, display_name: `${username}님` })
  await client.auth.login(email, PASSWORD)
  return { client, profile, id: profile.id }
}
