import { ApiError } from '@bigtech/client'
import { ref, shallowReactive } from 'vue'
import { client } from './client.ts'

/** Between two mails to one address. The server has limits of its own, for those who do not ask by this page. */
const PAUSE_MS = 60_000

/** By address, when another mail can be asked for, epoch ms. Kept by the page: whoever leaves a screen and comes back waits on. */
const pauses = shallowReactive(new Map<string, number>())
const now = ref(Date.now())
let ticking: ReturnType<typeof setInterval> | undefined

const keyOf = (email: string): string => email.trim().toLowerCase()

/** Until another mail can be asked for; 0: now. Follows the time. */
export const secondsToWait = (email: string): number =>
  Math.max(0, Math.ceil(((pauses.get(keyOf(email)) ?? 0) - now.value) / 1_000))

function pause(email: string, ms: number): void {
  now.value = Date.now()
  pauses.set(keyOf(email), now.value + ms)
  ticking ??= setInterval(tick, 1_000)
}

function tick(): void {
  now.value = Date.now()
  for (const [email, end] of pauses) if (end <= now.value) pauses.delete(email)
  if (pauses.size > 0) return
  clearInterval(ticking)
  ticking = undefined
}

/** The server has just written to this address. */
export const mailIsUnderWay = (email: string): void => pause(email, PAUSE_MS)

/** Asks for another mail to confirm the address with. */
export async function resendConfirmation(email: string): Promise<void> {
  try {
    await client.auth.resendConfirmation(email.trim())
    mailIsUnderWay(email)
  } catch (error) {
    if (error instanceof ApiError && error.status === 429) pause(email, error.retryAfterMs ?? PAUSE_MS)
    throw error
  }
}

/** The password was right, but the operator lets nobody in before their address is confirmed. */
export const isNotConfirmed = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'EMAIL_NOT_CONFIRMED'
