import type { Closes } from '../../domain/closing.ts'
import { hostOf } from '../../domain/push-host.ts'
import { chunksOf, type Trx } from './schema.ts'

export type Device = Closes & Readonly<{ id: number; user_id: number; language: 'ko' | 'en'; endpoint: string }>

export type Scheduled = Readonly<{
  tag: string
  note_id: number | null
  /** The same for all devices, or what each is told. */
  payload: string | ((device: Device) => string)
  now: number
  at: number
  expiresAt: number
  /** The `traceparent` of what they are told of; null of what is told of nothing new. */
  trace: string | null
}>

/** Rows of an INSERT: one of more keeps the thread that writes its words from everything else for too long. */
const AT_ONCE = 100

export const devicesOf = (trx: Trx, userIds: readonly number[]): Promise<Device[]> =>
  trx
    .selectFrom('subscriptions')
    .select(['id', 'user_id', 'language', 'endpoint', 'closes', 'closes_from'])
    .where('user_id', 'in', userIds)
    .execute()

/** All devices of these people are told; what of the same tag waits for one is replaced. @returns how many devices */
export async function schedule(trx: Trx, userIds: readonly number[], push: Scheduled): Promise<number> {
  let count = 0
  for (const part of chunksOf(userIds)) {
    const devices = await devicesOf(trx, part)
    count += devices.length
    await scheduleFor(trx, devices, push)
  }
  return count
}

export async function scheduleFor(
  trx: Trx,
  devices: readonly Device[],
  { tag, note_id, payload, now, at, expiresAt, trace }: Scheduled,
): Promise<void> {
  for (const part of chunksOf(devices, AT_ONCE)) {
    const ids = part.map(({ id }) => id)
    await trx.deleteFrom('deliveries').where('subscription_id', 'in', ids).where('tag', '=', tag).execute()
    const times = { created_at: now, expires_at: expiresAt, next_at: at, claimed_until: 0 }
    const rest = { tag, note_id, attempts: 0, ...times, trace }
    await trx
      .insertInto('deliveries')
      .values(
        part.map((device) => ({
          ...rest,
          subscription_id: device.id,
          user_id: device.user_id,
          host: hostOf(device.endpoint),
          payload: typeof payload === 'string' ? payload : payload(device),
        })),
      )
      .execute()
  }
}
