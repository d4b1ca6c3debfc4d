import { createServiceTokens } from '@bigtech/http'
import type { Settings } from '../config.ts'
import type { Peers } from '../profiles/distributed/peers.ts'
import { SERVICE_ROLES, type ServiceRole } from '../roles.ts'
import { createOpsClient, createRemoteOps } from './remote-ops.ts'
import type { Services } from './services.ts'

/** What each service has beside usage, health and document. */
const HAS: Readonly<Record<ServiceRole, Parameters<typeof createRemoteOps>[0]['has']>> = {
  user: ['outbox'],
  friend: ['outbox', 'reports'],
  chat: ['outbox', 'storage', 'partitions'],
  notification: [],
  ai: ['outbox'],
  analytics: [],
}

/** The services at their internal addresses, as a gateway asks them. */
export function remoteServices(
  { SERVICE_SECRET }: Pick<Settings, 'SERVICE_SECRET'>,
  peers: Pick<Peers, 'internalAddresses'>,
): Services {
  const tokens = createServiceTokens({ service: 'gateway', secrets: SERVICE_SECRET })
  return Object.fromEntries(
    SERVICE_ROLES.map((role) => {
      const service = `${role}-service`
      const instances = peers.internalAddresses(role).map((address) => {
        const url = new URL(address)
        return createRemoteOps({ name: url.host, client: createOpsClient(url, service, tokens), has: HAS[role] })
      })
      return [service, instances]
    }),
  )
}
