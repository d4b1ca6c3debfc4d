import { createServiceTokens } from '@bigtech/http'
import { createBalancedClient, type HttpClient } from '@bigtech/resilience'
import type { Settings } from '../../config.ts'
import { internalUrlsOf, urlsOf } from '../../engine-settings.ts'
import type { ServiceRole } from '../../roles.ts'

/** Where the services of this very process listen; the settings may say port 0. */
export type OwnAddresses = Partial<Record<ServiceRole, Readonly<{ public: string; internal: string }>>>

/** The services as others of them ask them, over HTTP wherever they run. */
export type Peers = Readonly<{
  addresses(role: ServiceRole): readonly string[]
  internalAddresses(role: ServiceRole): readonly string[]
  /** Their API, with the token of the user whose request it is for. */
  api(role: ServiceRole): HttpClient
  /** What they offer to services, as one of these. */
  internal(role: ServiceRole, from: string): HttpClient
}>

export function createPeers(settings: Settings, own: OwnAddresses): Peers {
  const addresses = (role: ServiceRole) => (own[role] ? [own[role].public] : settings[urlsOf(role)])
  const internalAddresses = (role: ServiceRole) => (own[role] ? [own[role].internal] : settings[internalUrlsOf(role)])
  return {
    addresses,
    internalAddresses,
    api: (role) => createBalancedClient(() => addresses(role)),
    internal(role, from) {
      const tokens = createServiceTokens({ service: from, secrets: settings.SERVICE_SECRET })
      return createBalancedClient(() => internalAddresses(role), {
        headers: () => ({ authorization: tokens.authorization(`${role}-service`) }),
      })
    },
  }
}
