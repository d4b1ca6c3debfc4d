import { shallowReactive, watch } from 'vue'
import { t } from '../i18n/index.ts'
import { deviceName } from '../lib/device.ts'
import { client } from './client.ts'
import { attempt } from './errors.ts'
import { toast } from './feedback.ts'
import { onSignOut, session } from './session.ts'
import { settings } from './settings.ts'
import { currentRegistration, workerRegistration } from './worker.ts'

/**
 * Whether this browser is told of what is new. `pushed`: by Web Push, also while no page is open; `page`: it has no push service, so a
 * page that is open tells.
 */
export type DeviceState = 'impossible' | 'denied' | 'off' | 'pushed' | 'page'

export const device = shallowReactive<{ state: DeviceState; endpoint: string | undefined; busy: boolean }>({
  state: 'off',
  endpoint: undefined,
  busy: false,
})

const possible = typeof Notification !== 'undefined' && 'serviceWorker' in navigator && isSecureContext

/** One change at a time: a sign-out waits for a subscription that is under way, so that it takes it back. */
let turn: Promise<unknown> = Promise.resolve()
const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const done = turn.then(work)
  turn = done.catch(() => {})
  return done
}

function show(state: DeviceState, endpoint?: string): void {
  device.state = state
  device.endpoint = endpoint
}

const showOff = (): void => show(!possible ? 'impossible' : Notification.permission === 'denied' ? 'denied' : 'off')

/** To be called by a click: the browser asks its user. */
export async function turnOnNotices(): Promise<void> {
  const me = session.me?.id
  if (!possible || me === undefined) return
  device.busy = true
  try {
    if ((await Notification.requestPermission()) !== 'granted') {
      showOff()
      if (device.state === 'denied') toast('error', t('notices.denied'))
      return
    }
    settings.noticesFor = me
    await attempt(() => inTurn(subscribe))
  } finally {
    device.busy = false
  }
}

export async function turnOffNotices(): Promise<void> {
  settings.noticesFor = null
  device.busy = true
  try {
    await attempt(() => inTurn(unsubscribe))
  } finally {
    device.busy = false
  }
}

/** Tells the server of this browser; what it knows already is told again, as a session of its own and in the language of now. */
async function subscribe(): Promise<void> {
  const me = session.me?.id
  const manager = (await workerRegistration())?.pushManager
  if (!manager) return show('page')
  const { public_key } = await client.notifications.vapidKey()
  const subscription = await subscriptionOf(manager, public_key)
  if (!subscription) return show('page')
  // A push service that cannot be reached is waited for without end; whoever had wished it may have signed out.
  if (session.me?.id !== me) return void (await subscription.unsubscribe())
  const { endpoint, keys } = subscription.toJSON()
  await client.notifications.subscribe({
    endpoint: endpoint!,
    keys: { p256dh: keys!['p256dh']!, auth: keys!['auth']! },
    device: deviceName(navigator.userAgent),
  })
  show('pushed', endpoint)
}

/** @returns undefined when this browser has no push service */
async function subscriptionOf(manager: PushManager, key: string): Promise<PushSubscription | undefined> {
  const known = await manager.getSubscription()
  // One for another key is of an installation that was here before.
  if (known && textOf(known.options.applicationServerKey) !== key) await known.unsubscribe()
  else if (known) return known
  try {
    return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

const textOf = (key: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

async function unsubscribe(): Promise<void> {
  const known = await (await currentRegistration())?.pushManager?.getSubscription()
  showOff()
  if (!known) return
  await known.unsubscribe()
  if (session.status === 'in') await client.notifications.unsubscribe(known.endpoint)
}

/** Nothing of the account stays on the screen. */
async function clearShown(): Promise<void> {
  for (const notice of (await (await currentRegistration())?.getNotifications()) ?? []) notice.close()
  await navigator.clearAppBadge?.().catch(() => {})
}

/** Whoever signs in is told if they wished it in this browser; a subscription of somebody else's ends. */
async function resume(): Promise<void> {
  showOff()
  if (!possible) return
  const wished = settings.noticesFor === session.me?.id && Notification.permission === 'granted'
  await inTurn(wished ? subscribe : unsubscribe).catch(() => {
    // Without a network: the page tells, and the next one that is loaded tries again.
    if (wished) show('page')
  })
}

watch(
  () => session.status,
  (status) => {
    if (status === 'in') void resume()
  },
  { immediate: true },
)
watch(
  () => settings.language,
  () => {
    if (device.state === 'pushed') void inTurn(subscribe).catch(() => {})
  },
)
// The server forgets the device with the session; the browser does here, so that nothing more arrives.
onSignOut(() => inTurn(unsubscribe))
// Of its own: also when the push service does not answer.
onSignOut(clearShown)
