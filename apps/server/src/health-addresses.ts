import type { Settings } from './config.ts'
import { portOf, rolesOf } from './engine-settings.ts'

/** Where the process with these settings answers /health, seen from beside it. Embedded the gateway speaks for the one process. */
export function healthAddresses(settings: Settings): string[] {
  const roles = settings.PROFILE === 'embedded' ? (['gateway'] as const) : [...rolesOf(settings)]
  return roles.map((role) => {
    const host = role === 'gateway' ? settings.HOST : settings.SERVICE_HOST
    const port = role === 'gateway' ? settings.GATEWAY_PORT : settings[portOf(role)]
    return `http://${besideIt(host)}:${port}/health`
  })
}

/** An address that is all addresses is not one to call. */
function besideIt(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
