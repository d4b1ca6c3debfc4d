import type { CallOptions, Http } from '../http/http.ts'
import type {
  BlockedPerson,
  Friend,
  FriendRequest,
  ListedFriendRequest,
  ReportReason,
  Page,
  PageQuery,
  Suggestion,
} from '../types.ts'

export const friendsApi = (http: Http) => {
  const answer = (id: number, how: 'accept' | 'reject' | 'cancel', options?: CallOptions): Promise<FriendRequest> =>
    http.json({ ...options, method: 'POST', path: `/friends/requests/${id}/${how}` })
  return {
    list: (query: PageQuery = {}, options?: CallOptions): Promise<Page<Friend>> =>
      http.json({ ...options, path: '/friends', query }),
    /** If they have asked you, you are friends at once (`status: 'accepted'`). */
    request: (userId: number, options?: CallOptions): Promise<FriendRequest> =>
      http.json({ ...options, method: 'POST', path: '/friends/request', json: { target_user_id: userId } }),
    requests: (
      query: PageQuery & { direction?: 'received' | 'sent' } = {},
      options?: CallOptions,
    ): Promise<Page<ListedFriendRequest>> => http.json({ ...options, path: '/friends/requests', query }),
    accept: (requestId: number, options?: CallOptions) => answer(requestId, 'accept', options),
    reject: (requestId: number, options?: CallOptions) => answer(requestId, 'reject', options),
    cancel: (requestId: number, options?: CallOptions) => answer(requestId, 'cancel', options),
    remove: (userId: number, options?: CallOptions): Promise<void> =>
      http.json({ ...options, method: 'DELETE', path: `/friends/${userId}` }),
    blocks: (query: PageQuery = {}, options?: CallOptions): Promise<Page<BlockedPerson>> =>
      http.json({ ...options, path: '/friends/blocks', query }),
    block: (userId: number, options?: CallOptions): Promise<void> =>
      http.json({ ...options, method: 'PUT', path: `/friends/blocks/${userId}` }),
    unblock: (userId: number, options?: CallOptions): Promise<void> =>
      http.json({ ...options, method: 'DELETE', path: `/friends/blocks/${userId}` }),
    /** Tells the operator; the person is not told. */
    report: (
      userId: number,
      report: { reason: ReportReason; note?: string; message_ids?: string[] },
      options?: CallOptions,
    ): Promise<{ id: number }> =>
      http.json({ ...options, method: 'POST', path: '/reports', json: { user_id: userId, ...report } }),
    suggestions: (query: { limit?: number } = {}, options?: CallOptions): Promise<Page<Suggestion>> =>
      http.json({ ...options, path: '/friends/suggestions', query }),
  }
}
