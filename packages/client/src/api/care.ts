import type { CallOptions, Http } from '../http/http.ts'
import type {
  CareAlert,
  CareAlertRules,
  CareAnsweredForm,
  CareConsent,
  CareContact,
  CareEntry,
  CareEntryKind,
  CareHandedIn,
  CareLink,
  CareNote,
  CareQuestionnaire,
  CareRead,
  CareRecording,
  CareSenior,
  CareTrend,
  CareTrendInterval,
  Page,
  PageQuery,
} from '../types.ts'

type Agreed = Pick<CareConsent, 'kind' | 'subject'>
/** Dates, both included, of the installation's time zone unless `tz` names another one. */
type TrendQuery = { by?: CareTrendInterval; from?: string; to?: string; tz?: string }

/** Of a recording on a slow line. */
const UPLOAD_MS = 120_000

/** What somebody hands in to be looked at, what they agreed to for that, and the numbers to call. */
export const careApi = (http: Http) => ({
  /** The numbers to call; needs no session. */
  contacts: (options?: CallOptions): Promise<{ items: CareContact[] }> =>
    http.json({ ...options, path: '/care/contacts', signedIn: false }),
  /** What one can agree to, in plain words. */
  consents: (options?: CallOptions): Promise<{ items: CareConsent[] }> =>
    http.json({ ...options, path: '/care/consents' }),
  /** To the words of this version, which the user has read. */
  agree: ({ kind, subject, version }: Agreed & { version: number }, options?: CallOptions): Promise<CareConsent> =>
    http.json({ ...options, method: 'PUT', path: `/care/consents/${kind}`, query: { subject }, json: { version } }),
  withdraw: ({ kind, subject }: Agreed, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/care/consents/${kind}`, query: { subject } }),

  // What is handed in is not repeated by itself: the server keeps no answer of it that it could give again.
  /** A text; its words are kept only when that is asked for. */
  write: (entry: { text: string; keep_text: boolean }, options?: CallOptions): Promise<CareHandedIn> =>
    http.json({ ...options, method: 'POST', path: '/care/entries', json: entry, repeat: 'never' }),
  mood: (entry: { mood: number; note?: string; keep_text?: boolean }, options?: CallOptions): Promise<CareHandedIn> =>
    http.json({ ...options, method: 'POST', path: '/care/moods', json: entry, repeat: 'never' }),
  questionnaires: (options?: CallOptions): Promise<{ items: CareQuestionnaire[] }> =>
    http.json({ ...options, path: '/care/questionnaires' }),
  answer: (name: string, answers: readonly number[], options?: CallOptions): Promise<CareAnsweredForm> =>
    http.json({
      ...options,
      method: 'POST',
      path: `/care/questionnaires/${name}/answers`,
      json: { answers },
      repeat: 'never',
    }),

  entries: (query: PageQuery & { kind?: CareEntryKind } = {}, options?: CallOptions): Promise<Page<CareEntry>> =>
    http.json({ ...options, path: '/care/entries', query }),
  forget: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/care/entries/${id}` }),
  forgetAll: (options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: '/care/entries' }),

  /** Sends a recording, which is listened to later: `recording` says how far it is. Not repeated by itself. */
  record: (file: Blob, { keep_text, ...options }: CallOptions & { keep_text: boolean }): Promise<CareRecording> =>
    http.json({
      timeoutMs: UPLOAD_MS,
      ...options,
      method: 'POST',
      path: '/care/recordings',
      repeat: 'never',
      body: () => {
        const form = new FormData()
        form.set('keep_text', String(keep_text))
        form.set('file', file, (file as { name?: string }).name ?? 'voice')
        return form
      },
    }),
  recordings: (query: PageQuery = {}, options?: CallOptions): Promise<Page<CareRecording>> =>
    http.json({ ...options, path: '/care/recordings', query }),
  recording: (id: number, options?: CallOptions): Promise<CareRecording> =>
    http.json({ ...options, path: `/care/recordings/${id}` }),
  /** One that runs is cancelled, one that is done forgotten. */
  endRecording: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/care/recordings/${id}` }),

  trend: (query: TrendQuery = {}, options?: CallOptions): Promise<CareTrend> =>
    http.json({ ...options, path: '/care/trend', query }),
  /** Everything that is kept of the user here. */
  exportData: (options?: CallOptions): Promise<Blob> => http.blob({ ...options, path: '/care/export' }),

  /** Guardians, and those one looks after; asked for and accepted. */
  links: (query: PageQuery = {}, options?: CallOptions): Promise<Page<CareLink>> =>
    http.json({ ...options, path: '/care/links', query }),
  /** @param role what the other one is to be */
  askLink: (user_id: number, role: 'guardian' | 'senior', options?: CallOptions): Promise<CareLink> =>
    http.json({ ...options, method: 'POST', path: '/care/links', json: { user_id, role } }),
  acceptLink: (id: number, options?: CallOptions): Promise<CareLink> =>
    http.json({ ...options, method: 'POST', path: `/care/links/${id}/accept` }),
  /** Refuses it, or ends it. */
  endLink: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/care/links/${id}` }),

  /** Those who show the user how they are. */
  seniors: (options?: CallOptions): Promise<{ items: CareSenior[] }> =>
    http.json({ ...options, path: '/care/seniors' }),
  /** Of oneself, or of somebody who shows it. They see that it was looked at. */
  trendOf: (seniorId: number, query: TrendQuery = {}, options?: CallOptions): Promise<CareTrend> =>
    http.json({ ...options, path: `/care/${seniorId}/trend`, query }),
  /** Who looked at what of the user, the newest first. */
  reads: (query: PageQuery = {}, options?: CallOptions): Promise<Page<CareRead>> =>
    http.json({ ...options, path: '/care/reads', query }),
  notes: (seniorId: number, query: PageQuery = {}, options?: CallOptions): Promise<Page<CareNote>> =>
    http.json({ ...options, path: `/care/${seniorId}/notes`, query }),
  /** The senior reads it, too. */
  addNote: (seniorId: number, text: string, options?: CallOptions): Promise<CareNote> =>
    http.json({ ...options, method: 'POST', path: `/care/${seniorId}/notes`, json: { text } }),
  deleteNote: (seniorId: number, id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/care/${seniorId}/notes/${id}` }),
  alertRules: (seniorId: number, options?: CallOptions): Promise<CareAlertRules> =>
    http.json({ ...options, path: `/care/${seniorId}/alert-rules` }),
  setAlertRules: (seniorId: number, rules: CareAlertRules, options?: CallOptions): Promise<CareAlertRules> =>
    http.json({ ...options, method: 'PUT', path: `/care/${seniorId}/alert-rules`, json: rules }),
  alerts: (query: PageQuery & { senior_id?: number } = {}, options?: CallOptions): Promise<Page<CareAlert>> =>
    http.json({ ...options, path: '/care/alerts', query }),
  readAlerts: (ids: readonly number[], options?: CallOptions): Promise<{ unread_count: number }> =>
    http.json({ ...options, method: 'POST', path: '/care/alerts/read', json: { ids } }),
})
