import type { Outbox } from '@bigtech/messaging'

/** How many events wait, beside what consents tell. */
export async function waitingIn(outbox: Outbox): Promise<number> {
  const rows = await outbox.claim({ owner: 'test', limit: 1_000, leaseMs: 10_000, now: 1e12 })
  return rows.filter(({ record }) => record.value.event_type !== 'CareConsentChanged').length
}
