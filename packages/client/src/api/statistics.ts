import type { CallOptions, Http } from '../http/http.ts'
import type {
  CareStatistics,
  MessageStatistics,
  RetentionStatistics,
  RoomStatistics,
  StatisticsOverview,
  StatisticsQuery,
  StatisticsRebuild,
  UserStatistics,
} from '../types.ts'

export type StatisticsPage = 'overview' | 'messages' | 'users' | 'rooms' | 'retention' | 'care'

/** What only administrators may ask. */
export const statisticsApi = (http: Http) => {
  const ask = (page: StatisticsPage, query: StatisticsQuery = {}, options?: CallOptions) => ({
    ...options,
    path: `/analytics/${page}`,
    query,
  })
  return {
    overview: (query?: StatisticsQuery, options?: CallOptions): Promise<StatisticsOverview> =>
      http.json(ask('overview', query, options)),
    messages: (query?: StatisticsQuery, options?: CallOptions): Promise<MessageStatistics> =>
      http.json(ask('messages', query, options)),
    users: (query?: StatisticsQuery, options?: CallOptions): Promise<UserStatistics> =>
      http.json(ask('users', query, options)),
    rooms: (query?: StatisticsQuery, options?: CallOptions): Promise<RoomStatistics> =>
      http.json(ask('rooms', query, options)),
    retention: (query?: StatisticsQuery, options?: CallOptions): Promise<RetentionStatistics> =>
      http.json(ask('retention', query, options)),
    care: (query?: StatisticsQuery, options?: CallOptions): Promise<CareStatistics> =>
      http.json(ask('care', query, options)),
    /** The items of a page as a table. */
    download: (
      page: StatisticsPage,
      format: 'csv' | 'parquet',
      query: StatisticsQuery = {},
      options?: CallOptions,
    ): Promise<Blob> => http.blob({ ...options, path: `/analytics/${page}`, query: { ...query, format } }),
    /** How far making them anew from the event log is. */
    rebuildState: (options?: CallOptions): Promise<StatisticsRebuild> =>
      http.json({ ...options, path: '/analytics/rebuild' }),
    rebuild: (options?: CallOptions): Promise<StatisticsRebuild> =>
      http.json({ ...options, method: 'POST', path: '/analytics/rebuild' }),
  }
}
