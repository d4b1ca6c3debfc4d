import { decideClose } from '../../domain/closing.ts'
import { closeOf } from '../../domain/payload.ts'
import { devicesOf, scheduleFor, type Device } from './deliveries.ts'
import type { Trx } from './schema.ts'
import { unreadOf } from './unread.ts'

/** A device that is off so long shows what it was told before it went off. */
const CLOSE_LIFE_MS = 3_600_000

/** `perDay`: pushes that show nothing, a device. */
export type Closing = Readonly<{ now: number; perDay: number }>

/**
 * What was told under a tag is not to be seen any more: what waits is not told, and devices that may show it are sent that it goes, as far as they
 * may be sent that (`decideClose`).
 * @param shown.toldAt when it was told; null if nothing says that it was: then only devices that it is on its way to may show it
 * @param shown.link where it led
 */
export async function takeOff(
  trx: Trx,
  shown: Readonly<{ user_id: number; tag: string; toldAt: number | null; link: string }>,
  { now, perDay }: Closing,
): Promise<void> {
  const { user_id, tag, toldAt, link } = shown
  const waiting = await trx
    .selectFrom('deliveries')
    .select(['subscription_id', 'attempts', 'claimed_until'])
    .where('user_id', '=', user_id)
    .where('tag', '=', tag)
    .execute()
  if (waiting.length > 0)
    await trx.deleteFrom('deliveries').where('user_id', '=', user_id).where('tag', '=', tag).execute()
  // One that was tried may have arrived.
  const isTried = new Map(
    waiting.map((one) => [one.subscription_id, one.attempts > 0 || one.claimed_until > now] as const),
  )
  if (toldAt === null && ![...isTried.values()].includes(true)) return
  const closing: Device[] = []
  for (const device of await devicesOf(trx, [user_id])) {
    if (!(isTried.get(device.id) ?? toldAt !== null)) continue
    const counted = decideClose(device, { toldAt: toldAt ?? now, now, perDay })
    if (!counted) continue
    closing.push(device)
    await trx.updateTable('subscriptions').set(counted).where('id', '=', device.id).execute()
  }
  if (closing.length === 0) return
  const unread = (await unreadOf(trx, [user_id], now)).get(user_id)!
  const payload = closeOf({ tag, link, unread, at: now })
  const times = { now, at: now, expiresAt: now + CLOSE_LIFE_MS }
  await scheduleFor(trx, closing, { tag, note_id: null, payload, ...times, trace: null })
}
