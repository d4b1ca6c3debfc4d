import type { CallOptions, Http } from '../http/http.ts'
import type {
  AccountRole,
  AccountStatus,
  Activity,
  DataExport,
  OwnProfile,
  Page,
  PageQuery,
  Presence,
  ProfileChange,
  PublicProfile,
  UserHistory,
} from '../types.ts'

export const profileApi = (http: Http) => ({
  get: (options?: CallOptions): Promise<OwnProfile> => http.json({ ...options, path: '/profile/me' }),
  /** What is left out stays; null clears. */
  update: (change: ProfileChange, options?: CallOptions): Promise<OwnProfile> =>
    http.json({ ...options, method: 'PATCH', path: '/profile/me', json: change }),
  /** What is left out is cleared. */
  replace: (profile: ProfileChange & { username: string }, options?: CallOptions): Promise<OwnProfile> =>
    http.json({ ...options, method: 'PUT', path: '/profile/me', json: profile }),
  /** A PNG, JPEG, WebP or GIF whose `type` says so. */
  setImage: (image: Blob, options?: CallOptions): Promise<OwnProfile> =>
    http.json({
      ...options,
      method: 'PUT',
      path: '/profile/me/image',
      body: () => image,
      headers: { 'content-type': image.type },
      repeat: 'nature',
    }),
  removeImage: (options?: CallOptions): Promise<OwnProfile> =>
    http.json({ ...options, method: 'DELETE', path: '/profile/me/image' }),
})

export const usersApi = (http: Http) => ({
  get: (id: number, options?: CallOptions): Promise<PublicProfile> => http.json({ ...options, path: `/users/${id}` }),
  /** At most 100; unknown ids are left out. */
  byIds: (ids: readonly number[], options?: CallOptions): Promise<PublicProfile[]> =>
    http.json({ ...options, path: '/users', query: { user_ids: ids.join() } }),
  search: (q: string, query: { limit?: number } = {}, options?: CallOptions): Promise<Page<PublicProfile>> =>
    http.json({ ...options, path: '/users/search', query: { q, ...query } }),
  activities: (query: PageQuery & { type?: string } = {}, options?: CallOptions): Promise<Page<Activity>> =>
    http.json({ ...options, path: '/users/me/activities', query }),
  exportData: (options?: CallOptions): Promise<DataExport> => http.json({ ...options, path: '/users/me/export' }),
  /** Locks the own account at once; it is erased when every service has agreed. */
  closeAccount: (password: string, options?: CallOptions): Promise<{ saga_id: string; status: 'closing' }> =>
    http.json({ ...options, method: 'DELETE', path: '/users/me', json: { password }, repeat: 'never' }),

  /** Administrators. */
  list: (query: PageQuery & { status?: AccountStatus } = {}, options?: CallOptions): Promise<Page<OwnProfile>> =>
    http.json({ ...options, path: '/users', query }),
  /** Administrators. The account as it was at a time (now without one). */
  history: (id: number, query: { at?: string } = {}, options?: CallOptions): Promise<UserHistory> =>
    http.json({ ...options, path: `/users/${id}/history`, query }),
  /** Administrators. */
  setStatus: (id: number, status: 'active' | 'inactive', options?: CallOptions): Promise<OwnProfile> =>
    http.json({ ...options, method: 'PATCH', path: `/users/${id}/status`, json: { status } }),
  /** Administrators. */
  setRole: (id: number, role: AccountRole, options?: CallOptions): Promise<OwnProfile> =>
    http.json({ ...options, method: 'PATCH', path: `/users/${id}/role`, json: { role } }),
})

export const presenceApi = (http: Http) => ({
  /** Online for another `expires_in` seconds; to be sent about every 30 s. */
  heartbeat: (options?: CallOptions): Promise<{ online: boolean; expires_in: number }> =>
    http.json({ ...options, method: 'POST', path: '/presence/heartbeat', repeat: 'nature' }),
  offline: (options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'POST', path: '/presence/offline', repeat: 'nature' }),
  get: (ids: readonly number[], options?: CallOptions): Promise<Presence[]> =>
    http.json({ ...options, path: '/presence', query: { user_ids: ids.join() } }),
})
