import { addressOf, besideIt } from './addresses.ts'
import type { Settings } from './config.ts'
import { portOf, rolesOf } from './engine-settings.ts'

/** Where the process with these settings answers /health, seen from beside it. Embedded the gateway speaks for the one process. */
export function healthAddresses(settings: Settings): string[] {
  const roles = settings.PROFILE === 'embedded' ? (['gateway'] as const) : [...rolesOf(settings)]
  return roles.map((role) => {
    const host = role === 'gateway' ? settings.HOST : settings.SERVICE_HOST
    const port = role === 'gateway' ? settings.GATEWAY_PORT : settings[portOf(role)]
    return `${addressOf(besideIt(host), port)}/health`
  })
}
