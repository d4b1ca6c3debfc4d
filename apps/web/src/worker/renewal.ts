import { createClient } from '@bigtech/client'
import { scope } from './scope.ts'

/**
 * The browser has replaced its subscription, or ended it: the server is told at once, though no window may be open. The session is
 * that of the refresh cookie; the exchange waits for those of windows (Web Locks).
 */
export async function renewSubscription(old: PushSubscription | null, given: PushSubscription | null): Promise<void> {
  const client = createClient({ baseUrl: '', refreshCookie: true })
  // Signed out: nobody is told any more.
  if (!(await client.auth.restore())) return
  const fresh =
    given ??
    (await scope.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: (await client.notifications.vapidKey()).public_key,
    }))
  const { endpoint, keys } = fresh.toJSON()
  const { items } = await client.notifications.subscriptions()
  const before = items.find((one) => one.endpoint === old?.endpoint)
  await client.notifications.subscribe({
    endpoint: endpoint!,
    keys: { p256dh: keys!['p256dh']!, auth: keys!['auth']! },
    device: before?.device ?? '',
  })
  if (before && before.endpoint !== endpoint) await client.notifications.unsubscribe(before.endpoint)
}
