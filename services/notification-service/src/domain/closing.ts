import { hostOf, ownerOf } from './push-host.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Unless the operator says otherwise; until the device has subscribed anew, as it does each time that the web client is opened. */
export const CLOSES_PER_DAY = 5
/** What was told before is mostly put away by then. */
const SHOWN_MS = HOUR_MS
/** Ends a subscription after three pushes that show nothing. */
const NEVER = 'push.apple.com'

/** How many pushes that show nothing a device was sent since `closes_from`, ms since the epoch. */
export type Closes = Readonly<{ closes: number; closes_from: number }>

/** Whether a device may still show what it was told then. */
export const mayBeShown = (toldAt: number, now: number): boolean => toldAt >= now - SHOWN_MS

/**
 * Whether a device is sent what takes a notification away, and how many those are then. Browsers let a server push only what is shown (`userVisibleOnly`),
 * and bear few exceptions: Firefox ends a subscription after 16 of them, Chrome shows words of its own in their place.
 * @param facts.toldAt when what it shows was told
 * @param facts.perDay how many it is sent a day
 */
export function decideClose(
  device: Closes & Readonly<{ endpoint: string }>,
  { toldAt, now, perDay }: Readonly<{ toldAt: number; now: number; perDay: number }>,
): Closes | undefined {
  if (ownerOf(hostOf(device.endpoint)).name === NEVER || !mayBeShown(toldAt, now)) return undefined
  // Set back, the clock needs long to where it was.
  const isOver = device.closes_from <= now - DAY_MS || device.closes_from > now
  const { closes, closes_from } = isOver ? { closes: 0, closes_from: now } : device
  return closes < perDay ? { closes: closes + 1, closes_from } : undefined
}
