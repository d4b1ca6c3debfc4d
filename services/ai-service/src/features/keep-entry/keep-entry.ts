import { entryOfWords, keepEntry, type KeepPorts } from '../../access/keep-entry.ts'
import type { Analysis, Entry } from '../../ports.ts'
import { analyzeText, type AnalyzePorts } from '../analyze-text/analyze-text.ts'
import { needConsent, type ConsentPorts } from '../give-consent/give-consent.ts'

export type KeepEntryPorts = KeepPorts & AnalyzePorts & ConsentPorts

/** What a person hands in: words, or how they are with a note or without one. */
export type HandedIn = Readonly<{
  user_id: number
  kind: 'text' | 'mood'
  /** 1 (bad) to 5 (good). */
  mood: number | null
  text: string
  keepText: boolean
  /** Of the answer. */
  answer: 'ko' | 'en'
  signal: AbortSignal
  traceparent: string
}>

export type Handled = Readonly<{ entry: Entry; analysis: Analysis | null }>

/** Words are analysed and the result is kept. A mood's note is analysed as any text is: a crisis is told there too. @throws CONSENT_REQUIRED, ENTRIES_OF_TODAY */
export async function keepHandedIn(ports: KeepEntryPorts, handedIn: HandedIn): Promise<Handled> {
  await needConsent(ports, handedIn.user_id, 'analysis')
  const started = performance.now()
  const { text, answer, signal } = handedIn
  const analysis = text.trim() === '' ? null : await analyzeText(ports, { text, language: 'ko-KR', answer, signal })
  const ms = analysis ? Math.round(performance.now() - started) : 0
  return { entry: await keepEntry(ports, entryOfWords(ports, { ...handedIn, analysis, ms })), analysis }
}
