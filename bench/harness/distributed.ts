import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@bigtech/testkit'
import { distributedEnv, removeInstallation } from '../../tests/support/distributed-server.ts'
import { removeFolder, startProcess, stopProcess, temporaryFolder } from './processes.ts'

const ROOT = join(import.meta.dirname, '../..')
const SERVICES = ['user', 'friend', 'chat'] as const

export type Distributed = Readonly<{ gateway: string; pids: readonly number[]; stop(): Promise<void> }>

/**
 * The distributed profile on the servers of `npm run stack`: one process of each service and the gateway, with an installation of their
 * own on the engines that is removed when they stop.
 * @throws when a server does not run
 */
export async function startDistributedProduct(): Promise<Distributed> {
  const folder = temporaryFolder()
  const env: Record<string, string> = {
    ...distributedEnv(),
    MYSQL_CONNECTIONS: '20',
    DEMO_DATA: 'false',
    RATE_LIMIT_ANONYMOUS: '1000000',
    RATE_LIMIT_USER: '100000000',
  }
  const gatewayPort = await freePort()
  const own: Record<string, Record<string, string>> = { gateway: { GATEWAY_PORT: `${gatewayPort}` } }
  for (const service of SERVICES) {
    const name = `${service.toUpperCase()}_SERVICE`
    const [port, internal] = [await freePort(), await freePort()]
    env[`${name}_URLS`] = `http://127.0.0.1:${port}`
    env[`${name}_INTERNAL_URLS`] = `http://127.0.0.1:${internal}`
    own[service] = { [`${name}_PORT`]: `${port}`, [`${name}_INTERNAL_PORT`]: `${internal}` }
  }
  const children = await Promise.all(
    Object.entries(own).map(async ([role, ports]) => {
      const child = startProcess(['--max-semi-space-size=32', 'apps/server/src/main.ts'], {
        cwd: ROOT,
        env: {
          ...process.env,
          ...env,
          ...ports,
          ROLES: role,
          NODE_ID: role,
          DATA_DIR: join(folder, role),
          LOG_FILE: join(folder, `${role}.log`),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      for await (const [text] of onData(child.stdout!)) if (text.includes('Ready after')) break
      return child
    }),
  )
  return {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    pids: children.map(({ pid }) => pid!),
    async stop() {
      await Promise.all(children.map((child) => stopProcess(child)))
      await removeInstallation(env['INSTALLATION']!)
      removeFolder(folder)
    },
  }
}

async function* onData(stream: NodeJS.ReadableStream): AsyncGenerator<[string]> {
  stream.setEncoding('utf8')
  const ended = once(stream, 'end').then(() => {
    throw new Error('a process ended before it was ready')
  })
  ended.catch(() => {})
  for (;;) yield (await Promise.race([once(stream, 'data'), ended])) as [string]
}
