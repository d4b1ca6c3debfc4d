import { ApiError, type CareConsent, type CareContact, type CareSafety } from '@bigtech/client'
import { shallowReactive, watch } from 'vue'
import { careText } from '../i18n/care-text.ts'
import { client } from './client.ts'
import { errorText } from './errors.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'

/**
 * The numbers to call stand on every care screen, whatever else fails: first those that this page has always had, then those this browser
 * was last told, then the server's. Of Korea; an installation elsewhere has its own, and tells them.
 */
const ALWAYS: Readonly<Record<'ko' | 'en', readonly CareContact[]>> = {
  ko: [
    { number: '109', name: '자살예방 상담전화 (24시간)' },
    { number: '1577-0199', name: '정신건강 위기상담전화 (24시간)' },
    { number: '119', name: '응급·구조' },
    { number: '112', name: '경찰' },
  ],
  en: [
    { number: '109', name: 'Suicide prevention line (24 hours, Korea)' },
    { number: '1577-0199', name: 'Mental health crisis line (24 hours, Korea)' },
    { number: '119', name: 'Ambulance and rescue' },
    { number: '112', name: 'Police' },
  ],
}
const keyOf = (language: 'ko' | 'en'): string => `bigtech-chat:care-contacts:${language}`

function remembered(language: 'ko' | 'en'): readonly CareContact[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(language)) ?? 'null') as CareContact[] | null
    return kept && kept.length > 0 ? kept : ALWAYS[language]
  } catch {
    return ALWAYS[language]
  }
}

type CareState = {
  contacts: readonly CareContact[]
  /** undefined: not known yet */
  consents: readonly CareConsent[] | undefined
  problem: string
  /** What was said last is to be answered at once, above all else; until its reader puts it away. */
  safety: CareSafety | undefined
}
export const care = shallowReactive<CareState>({
  contacts: remembered(settings.language),
  consents: undefined,
  problem: '',
  safety: undefined,
})

/** The server's list, kept for when it cannot be asked. */
export async function loadContacts(): Promise<void> {
  const { language } = settings
  care.contacts = remembered(language)
  const answer = await client.care.contacts().catch(() => undefined)
  if (!answer || answer.items.length === 0 || language !== settings.language) return
  care.contacts = answer.items
  try {
    localStorage.setItem(keyOf(language), JSON.stringify(answer.items))
  } catch {
    // No space left: the page has them while it is open.
  }
}

export async function loadConsents(): Promise<void> {
  care.problem = ''
  const account = session.me?.id
  try {
    const { items } = await client.care.consents()
    if (account !== session.me?.id) return
    care.consents = items
    if (items.some(({ given_at }) => given_at !== null)) settings.careFor = account ?? null
  } catch (error) {
    care.problem = careProblem(error)
  }
}

/** Whether it may be looked at what this person hands in; undefined while that is not known. */
export const hasAgreed = (): boolean | undefined =>
  care.consents?.some(({ kind, given_at }) => kind === 'analysis' && given_at !== null)

/** Whether words have changed that this person agreed to. */
export const needsRenewal = (): boolean => care.consents?.some(({ needs_renewal }) => needs_renewal) ?? false

/** The words that go with what was handed in, when there are any. */
export function showSafety(safety: CareSafety): void {
  if (safety.message !== null) care.safety = safety
}

/** Answers of 5xx that say what one can do about them. */
const TOLD = new Set(['NO_SPEECH_MODEL', 'SPEECH_OFF', 'SPEECH_BUSY', 'SPEECH_FAILED'])

/** As `errorText`, with the server's own words where they are of use. */
export function careProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return errorText(error)
  if (error.code === 'CONSENT_REQUIRED') return careText('care.gate.text')
  return TOLD.has(error.code) ? error.detail : errorText(error)
}

/** Somebody took their consent back elsewhere: the screens ask for it again. */
export function noticeRefusal(error: unknown): void {
  if (error instanceof ApiError && error.code === 'CONSENT_REQUIRED') void loadConsents()
}

watch(
  () => settings.language,
  () => {
    void loadContacts()
    if (care.consents) void loadConsents()
  },
)
watch(
  () => session.status,
  (status) => status === 'out' && Object.assign(care, { consents: undefined, problem: '', safety: undefined }),
)
