import { chunksOf, type Trx } from './schema.ts'

export type Scheduled = Readonly<{
  tag: string
  note_id: number | null
  /** By the device's language, or the same for all. */
  payload: string | Readonly<Record<'ko' | 'en', string>>
  now: number
  at: number
  expiresAt: number
}>

/** All devices of these people are told; what of the same tag waits for one is replaced. @returns how many devices */
export async function schedule(trx: Trx, userIds: readonly number[], push: Scheduled): Promise<number> {
  let count = 0
  for (const part of chunksOf(userIds)) {
    const devices = await trx
      .selectFrom('subscriptions')
      .select(['id', 'user_id', 'language'])
      .where('user_id', 'in', part)
      .execute()
    count += devices.length
    await scheduleFor(trx, devices, push)
  }
  return count
}

export async function scheduleFor(
  trx: Trx,
  devices: readonly Readonly<{ id: number; user_id: number; language: 'ko' | 'en' }>[],
  { tag, note_id, payload, now, at, expiresAt }: Scheduled,
): Promise<void> {
  for (const part of chunksOf(devices)) {
    const ids = part.map(({ id }) => id)
    await trx.deleteFrom('deliveries').where('subscription_id', 'in', ids).where('tag', '=', tag).execute()
    const rest = { tag, note_id, attempts: 0, created_at: now, expires_at: expiresAt, next_at: at, claimed_until: 0 }
    await trx
      .insertInto('deliveries')
      .values(
        part.map(({ id, user_id, language }) => ({
          ...rest,
          subscription_id: id,
          user_id,
          payload: typeof payload === 'string' ? payload : payload[language],
        })),
      )
      .execute()
  }
}
