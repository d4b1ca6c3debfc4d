import { spawnDistributed } from '../../tests/support/distributed-processes.ts'

export type Distributed = Readonly<{ gateway: string; pids: readonly number[]; stop(): Promise<void> }>

/**
 * The distributed profile on the servers of `npm run stack`: one process of each service and the gateway, with an installation of their
 * own on the engines that is removed when they stop.
 * @throws when a server does not run
 */
export async function startDistributedProduct(): Promise<Distributed> {
  const stops: (() => unknown)[] = []
  const stop = async () => {
    // What is removed is removed after those that use it have ended.
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    // As the embedded side runs: with its logs and its hashes of the usual price.
    const env = { LOG_LEVEL: 'info', PASSWORD_HASH_MEMORY: '19MB', MYSQL_CONNECTIONS: '20' }
    const copies = { user: 1, friend: 1, chat: 1, gateway: 1 }
    const scope = { after: (end: () => unknown) => void stops.push(end) }
    const { urls, processes } = await spawnDistributed(scope, { env, copies, logsToFiles: true })
    return { gateway: urls.gateway, pids: processes.map((each) => each.program().pid), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
