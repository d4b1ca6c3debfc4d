import type { CallOptions, Http } from '../http/http.ts'
import type {
  NewPushSubscription,
  Notification,
  NotificationSettings,
  NotificationSettingsChange,
  Page,
  PageQuery,
  PushSubscriptionInfo,
} from '../types.ts'

type Unread = { unread_count: number }

export const notificationsApi = (http: Http) => ({
  /** What was not read first, the newest of each first. */
  list: (query: PageQuery = {}, options?: CallOptions): Promise<Page<Notification> & Unread> =>
    http.json({ ...options, path: '/notifications', query }),
  count: (options?: CallOptions): Promise<Unread> => http.json({ ...options, path: '/notifications/count' }),
  /** At most 200 at once. */
  read: (ids: readonly number[], options?: CallOptions): Promise<Unread> =>
    http.json({ ...options, method: 'POST', path: '/notifications/read', json: { ids }, repeat: 'nature' }),
  readAll: (options?: CallOptions): Promise<Unread> =>
    http.json({ ...options, method: 'POST', path: '/notifications/read', json: { all: true }, repeat: 'never' }),

  settings: (options?: CallOptions): Promise<NotificationSettings> =>
    http.json({ ...options, path: '/notifications/settings' }),
  changeSettings: (change: NotificationSettingsChange, options?: CallOptions): Promise<NotificationSettings> =>
    http.json({ ...options, method: 'PUT', path: '/notifications/settings', json: change }),

  /** Ends the mails of what was missed. Without signing in. @param token of the link in one of them */
  stopDigest: (token: string, options?: CallOptions): Promise<void> =>
    http.json({
      ...options,
      signedIn: false,
      method: 'POST',
      path: '/notifications/unsubscribe',
      query: { token },
      repeat: 'nature',
    }),

  /** `applicationServerKey` of `PushManager.subscribe()`. */
  vapidKey: (options?: CallOptions): Promise<{ public_key: string }> =>
    http.json({ ...options, path: '/notifications/vapid-key' }),
  /** Devices that are told, the first one first. */
  subscriptions: (options?: CallOptions): Promise<{ items: PushSubscriptionInfo[] }> =>
    http.json({ ...options, path: '/notifications/subscriptions' }),
  /** This device is told from now on, in the language of the client, until the session ends. */
  subscribe: (subscription: NewPushSubscription, options?: CallOptions): Promise<PushSubscriptionInfo> =>
    http.json({ ...options, method: 'PUT', path: '/notifications/subscriptions', json: subscription }),
  unsubscribe: (endpoint: string, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: '/notifications/subscriptions', query: { endpoint } }),
  /** All devices are told something, to see that it arrives. @returns how many they are */
  test: (options?: CallOptions): Promise<{ devices: number }> =>
    http.json({ ...options, method: 'POST', path: '/notifications/test', repeat: 'never' }),
})
