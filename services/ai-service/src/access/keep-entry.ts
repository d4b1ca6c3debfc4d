import type { Clock } from '@bigtech/kernel'
import type { EventRecord } from '@bigtech/messaging/contract'
import { aiErrors } from '../contract/errors.ts'
import { AnalysisCompleted } from '../contract/events.ts'
import { CONSENTS } from '../domain/consents.ts'
import { keptOf } from '../domain/kept.ts'
import type { Analysis, Entry, EntryStore, Keeping, NewEntry } from '../ports.ts'

export type KeepPorts = Readonly<{
  entries: EntryStore
  clock: Clock
  /** How long an entry is kept, ms. */
  keepMs: number
  /** After a commit that told something. */
  notify(): void
}>

/** An entry, and what others are told once it is kept. */
export type ToKeep = Readonly<{ entry: NewEntry; told: (id: number) => readonly EventRecord[] }>

/** What somebody said, and what was found in it; of a mood without a note nothing was. */
export type Words = Readonly<{
  user_id: number
  kind: 'text' | 'voice' | 'mood'
  mood: number | null
  text: string
  keepText: boolean
  analysis: Analysis | null
  /** How long it took. */
  ms: number
  traceparent: string
}>

/** More than anybody does; a program that runs wild ends here. */
const PER_DAY = 500
const RETRY_AFTER_S = 3_600

/** What is kept of words: they themselves only if `keepText` says so, and others are told none of them. */
export function entryOfWords(ports: Pick<KeepPorts, 'clock' | 'keepMs'>, words: Words): ToKeep {
  const { user_id, kind, mood, analysis } = words
  const kept = analysis && keptOf(analysis, words.text, words.keepText)
  const safety = analysis?.safety ?? 'none'
  const times = timesOf(ports)
  return {
    entry: {
      ...times,
      user_id,
      kind,
      mood,
      safety,
      text: words.keepText && analysis ? words.text : null,
      analysis: kept,
      questionnaire: null,
    },
    told: (id) => [
      AnalysisCompleted.make(
        {
          user_id,
          entry_id: id,
          kind,
          method: analysis?.method.name ?? null,
          cues: (kept?.cues ?? []).map((one) => ({ ...one })),
          safety_level: safety,
          duration_ms: words.ms,
        },
        { now: times.created_at, traceparent: words.traceparent },
      ),
    ],
  }
}

export function timesOf({ clock, keepMs }: Pick<KeepPorts, 'clock' | 'keepMs'>) {
  const now = clock.now()
  return { created_at: now, expires_at: now + keepMs }
}

/** The consent is asked for again with the keeping: it may have been taken back meanwhile. @throws CONSENT_REQUIRED, ENTRIES_OF_TODAY */
export async function keepEntry(ports: Pick<KeepPorts, 'entries' | 'notify'>, toKeep: ToKeep): Promise<Entry> {
  const kept = await ports.entries.add(toKeep.entry, keepingOf(toKeep))
  if ('refused' in kept) throw notKept(kept.refused)
  ports.notify()
  return { ...toKeep.entry, id: kept.id }
}

export const keepingOf = ({ told }: ToKeep): Keeping => ({
  consent: CONSENTS.analysis.version,
  perDay: PER_DAY,
  events: told,
})

export const notKept = (reason: 'no_consent' | 'too_many') =>
  reason === 'no_consent'
    ? aiErrors.CONSENT_REQUIRED({ params: { kind: 'analysis' } })
    : aiErrors.ENTRIES_OF_TODAY({ params: { most: PER_DAY }, retryAfterS: RETRY_AFTER_S })
