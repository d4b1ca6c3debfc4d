import { spawnDistributed, type RoleProcess } from '../../tests/support/distributed-processes.ts'

export type Distributed = Readonly<{
  gateway: string
  processes: readonly RoleProcess[]
  stop(): Promise<void>
}>

/**
 * The distributed profile on the servers of `npm run stack`: one process of each service (or so many of chat-service) and the gateway, with an
 * installation of their own on the engines that is removed when they stop.
 * @param options.env settings other than those of `npm start`
 * @throws when a server does not run
 */
export async function startDistributedProduct(
  options: { chats?: number; env?: Record<string, string> } = {},
): Promise<Distributed> {
  const stops: (() => unknown)[] = []
  const stop = async () => {
    // What is removed is removed after those that use it have ended.
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    // As the embedded side runs: with its logs and its hashes of the usual price.
    const env = { LOG_LEVEL: 'info', PASSWORD_HASH_MEMORY: '19MB', MYSQL_CONNECTIONS: '20', ...options.env }
    const copies = { user: 1, friend: 1, chat: options.chats ?? 1, notification: 1, analytics: 1, gateway: 1 }
    const scope = { after: (end: () => unknown) => void stops.push(end) }
    const { urls, processes } = await spawnDistributed(scope, { env, copies, logsToFiles: true })
    return { gateway: urls.gateway, processes, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export const pidsOf = ({ processes }: Pick<Distributed, 'processes'>): number[] =>
  processes.map((each) => each.program().pid)
