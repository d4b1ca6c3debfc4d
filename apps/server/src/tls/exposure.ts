import type { Settings } from '../config.ts'
import { hasTls } from './tls-settings.ts'

const LOCAL = ['127.0.0.1', '::1', 'localhost']

/** Whether only programs of this machine connect to an address. */
export const isLocal = (host: string): boolean => LOCAL.includes(host)

/** What of it is open to others and should not be. */
export function exposureOf(settings: Settings): string[] {
  const { HOST, TRUST_PROXY, GATEWAY_PORT } = settings
  if (isLocal(HOST) || TRUST_PROXY) return []
  const todo = hasTls(settings)
    ? 'HTTPS has an address of its own (HTTPS_HOST): leave HOST unset.'
    : 'Set DOMAIN or TLS_CERT (docs/https.md), or put a proxy with TLS before it and set TRUST_PROXY=true.'
  return [`HOST=${HOST}: passwords and messages pass the network unencrypted at port ${GATEWAY_PORT}. ${todo}`]
}
