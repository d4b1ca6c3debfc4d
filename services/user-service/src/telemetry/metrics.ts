import type { Counter, Metrics } from '@bigtech/telemetry'
import type { PasswordHasher, PresenceStore } from '../ports.ts'

export type LoginResult = 'success' | 'invalid' | 'refused' | 'limited'
export type UserMetrics = Readonly<{ registrations: Counter; logins: Counter<'result'> }>

export function createUserMetrics(metrics: Metrics, hasher: PasswordHasher, presence: PresenceStore): UserMetrics {
  metrics.gauge({
    name: 'password_hash_queue',
    help: 'Password hashes that run or wait',
    collect: (gauge) => gauge.set(hasher.pending()),
  })
  metrics.gauge({
    name: 'online_users_count',
    help: 'Users whose last heartbeat is younger than 60 s',
    collect: async (gauge) => gauge.set(await presence.count()),
  })
  return {
    registrations: metrics.counter({ name: 'user_registrations_total', help: 'Accounts created' }),
    logins: metrics.counter({ name: 'user_logins_total', help: 'Sign-in attempts', labelNames: ['result'] }),
  }
}
