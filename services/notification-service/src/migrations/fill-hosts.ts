import { sql, type Kysely } from '@bigtech/sql'
import { hostOf } from '../domain/push-host.ts'

/** What waits from before gets the host of its device. */
export async function fillHosts(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: number; endpoint: string }>`SELECT DISTINCT s.id, s.endpoint
    FROM subscriptions s JOIN deliveries d ON d.subscription_id = s.id WHERE d.host = ''`.execute(db)
  for (const { id, endpoint } of rows)
    await sql`UPDATE deliveries SET host = ${hostOf(endpoint)} WHERE subscription_id = ${id}`.execute(db)
}
