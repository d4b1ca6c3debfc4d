import { authApi } from './api/auth.ts'
import { careApi } from './api/care.ts'
import { filesApi } from './api/files.ts'
import { friendsApi } from './api/friends.ts'
import { messagesApi } from './api/messages.ts'
import { notificationsApi } from './api/notifications.ts'
import { opsApi } from './api/ops.ts'
import { statisticsApi } from './api/statistics.ts'
import { roomsApi } from './api/rooms.ts'
import { presenceApi, profileApi, usersApi } from './api/users.ts'
import { notSignedIn } from './errors.ts'
import { createHttp, type CallOptions } from './http/http.ts'
import { createSessionKeeper, type SessionStorage } from './http/session.ts'
import { createConnection, type Connection, type ConnectOptions } from './stream/connection.ts'
import { createSync, type Sync, type SyncOptions } from './sync/sync.ts'
import type { About, TokenPair } from './types.ts'

export type ClientOptions = {
  /** The gateway: `https://chat.example.org`; empty on a page of the gateway itself. */
  baseUrl: string
  fetch?: typeof fetch
  /** Where the session is kept, `localStorage` for example. Default: in memory. */
  storage?: SessionStorage
  /**
   * For pages: the refresh token stays in a cookie that no script can read (HttpOnly, SameSite=Strict), the access token in memory. A
   * page that is loaded begins with `auth.restore()`.
   */
  refreshCookie?: boolean
  /** Of error texts; a function is asked for each call. Default `ko`. */
  language?: 'ko' | 'en' | (() => 'ko' | 'en')
  /** The session ended without `logout`; the code says why. */
  onSignedOut?: (code: string) => void
  /** in [0, 1) */
  random?: () => number
  /** epoch ms */
  now?: () => number
}

export type Client = ReturnType<typeof createClient>

const COOKIE_TRANSPORT = { 'x-token-transport': 'cookie' }

/** Everything a user of BigTech Chat can do, over the gateway. Works in browsers and in Node. */
export function createClient(options: ClientOptions) {
  const { random = Math.random, now = Date.now, language = 'ko' } = options
  const baseUrl = `${options.baseUrl.replace(/\/+$/, '')}/api`
  const http = createHttp({
    baseUrl,
    language: typeof language === 'function' ? language : () => language,
    random,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    session: () => session,
  })
  const session = createSessionKeeper({
    storage: options.storage,
    key: `bigtech-chat:${baseUrl}`,
    now,
    exchange: async (refresh_token) => {
      const pair = await http.json<TokenPair | undefined>({
        method: 'POST',
        path: '/auth/refresh',
        ...(refresh_token === null ? { headers: COOKIE_TRANSPORT, json: {} } : { json: { refresh_token } }),
        signedIn: false,
        repeat: 'never',
      })
      // The cookie that had the token is gone.
      if (!pair) throw notSignedIn()
      return pair
    },
    onSignedOut: (code) => options.onSignedOut?.(code),
  })
  const rooms = roomsApi(http)
  const messages = messagesApi(http)
  const files = filesApi(http, session)
  const users = usersApi(http)
  const presence = presenceApi(http)
  const connections = new Set<Connection>()
  /** What all connections of this client show. */
  let shown: number | null = null
  const connect = (to: ConnectOptions = {}): Connection => {
    const connection = createConnection(
      { http, session, random, now },
      {
        ...to,
        onState(state) {
          if (state.status === 'closed') connections.delete(connection)
          to.onState?.(state)
        },
      },
    )
    connections.add(connection)
    connection.focus(shown)
    return connection
  }

  return {
    auth: authApi(http, session, options.refreshCookie ? COOKIE_TRANSPORT : {}),
    profile: profileApi(http),
    users,
    presence,
    friends: friendsApi(http),
    rooms,
    messages,
    files,
    /** What there is to tell, how one wants to be told, and the devices that are told (Web Push). */
    notifications: notificationsApi(http),
    /** What is handed in to be looked at, consents, and the numbers to call. */
    care: careApi(http),
    /** What this server is, before anybody signs in. */
    about: (call?: CallOptions): Promise<About> => http.json({ ...call, path: '/about', signedIn: false }),
    /** Administrators. */
    ops: opsApi(http),
    statistics: statisticsApi(http),
    /** The stream of frames alone. Most programs want `sync`. */
    connect,
    /** Rooms and messages kept current. */
    sync: (to: SyncOptions = {}): Sync =>
      createSync({ connect, rooms, messages, files, users, presence, random, now }, to),
    /**
     * The room that the user looks at from now on; null: none, or the page is hidden. Nobody is notified of messages they see. Best effort: it is said again
     * to the server while it is so, and on each new connection.
     */
    focus(roomId: number | null): void {
      shown = roomId
      for (const connection of connections) connection.focus(roomId)
    },
    /** The address of a path the server gave (`profile_image_url`). */
    url: (path: string): string => `${options.baseUrl.replace(/\/+$/, '')}${path}`,
  }
}
