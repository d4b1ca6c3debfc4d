/** What somebody hands in to be looked at, and what they share of it. Nothing here is an assessment of anybody. */

export type CareCue =
  | 'low_mood'
  | 'anhedonia'
  | 'sleep'
  | 'fatigue'
  | 'appetite'
  | 'worthless'
  | 'concentration'
  | 'anxiety'
  | 'lonely'
  | 'memory'
  | 'pain'

/** How near a crisis words are. `none` says that no phrase was found, not that all is well. */
export type CareSafetyLevel = 'none' | 'mention' | 'past' | 'concern' | 'immediate'

export type CareContact = { number: string; name: string }

export type CareSafety = {
  level: CareSafetyLevel
  /** To be shown at once; null when there is none. */
  message: string | null
  /** To be shown whatever the level is. */
  contacts: CareContact[]
}

export type CareEvidence = {
  cue: CareCue | 'crisis'
  phrase: string
  /** In UTF-16 code units of the text; `end` is not included. */
  start: number
  end: number
  /** 1 slight, 2 clear, 3 strong */
  strength: number
  items: string[]
}

export type CareMethod = { name: 'rules' | 'openai' | 'vertex'; version: string; fallback: string | null }

export type CareAnalysis = {
  depression_score: number
  anxiety_score: number
  /** More is better, unlike the others. */
  cognitive_score: number
  /** Of the strongest cue; says that there was none where there was none. */
  emotional_state: string
  key_concerns: string[]
  recommendations: string[]
  confidence: number
  confidence_basis: string
  timestamp: string
  safety: CareSafety
  evidence: CareEvidence[]
  method: CareMethod
  disclaimer: string
  /** Of a recording. */
  transcript?: string
}

/**
 * `analysis`: what is handed in may be looked at; `cloud`: it may leave the server for one host; `guardian`: one guardian sees how the person
 * is; `crisis_notice`: one guardian is told of a crisis.
 */
export type CareConsentKind = 'analysis' | 'cloud' | 'guardian' | 'crisis_notice'

export type CareConsent = {
  kind: CareConsentKind
  /** A host, the id of a guardian, or empty. */
  subject: string
  title: string
  /** What is agreed to, in plain words. */
  text: string
  version: number
  /** null: not agreed to, or to older words only */
  given_at: string | null
  /** Agreed to in older words: it counts no more, and is asked for again. */
  needs_renewal: boolean
  history: { version: number; given_at: string; withdrawn_at: string | null }[]
}

export type CareEntryKind = 'text' | 'voice' | 'mood' | 'questionnaire'

export type CareCueStrength = { cue: CareCue; strength: number }

/** What is kept of an analysis: without the words. */
export type CareKeptAnalysis = Omit<CareAnalysis, 'timestamp' | 'safety' | 'evidence' | 'transcript'> & {
  cues: CareCueStrength[]
  /** With the places in the text; null where that is not kept. */
  evidence: CareEvidence[] | null
}

export type CareAnswered = {
  name: CareQuestionnaireName
  score: number
  max: number
  band: string
  band_text: string
  /** Whether the published cut-off is reached: worth a talk with a professional. A screening, no diagnosis. */
  positive: boolean
  answers: number[]
}

/** Something that somebody handed in. */
export type CareEntry = {
  id: number
  kind: CareEntryKind
  created_at: string
  /** Only when it was asked to be kept. */
  text: string | null
  analysis: CareKeptAnalysis | null
  /** 1 … 5; 5 is best */
  mood: number | null
  questionnaire: CareAnswered | null
  safety_level: CareSafetyLevel
  expires_at: string
}

/** `analysis`: null of a mood without a note. */
export type CareHandedIn = { entry: CareEntry; safety: CareSafety; analysis: CareAnalysis | null }
export type CareAnsweredForm = { entry: CareEntry; safety: CareSafety; disclaimer: string }

export type CareQuestionnaireName = 'PHQ-9' | 'GAD-7' | 'GDS-SF'

export type CareQuestionnaire = {
  name: CareQuestionnaireName
  title: string
  instructions: string
  period: string
  questions: { id: number; text: string }[]
  /** The same for each question. */
  choices: { value: number; text: string }[]
  /** Of sums, from the lowest. */
  bands: { from: number; band: string; band_text: string }[]
  /** The sum from which a talk with a professional is advised. */
  cut_off: number
  max: number
  /** Where text, points and cut-offs come from. */
  source: string
}

export type CareRecordingState = 'queued' | 'listening' | 'analysing' | 'done' | 'failed' | 'cancelled'

/** A recording that is listened to: how far it is, and what came of it. */
export type CareRecording = {
  id: number
  state: CareRecordingState
  /** 0 … 1 */
  progress: number
  /** How many are listened to before it. */
  ahead: number
  /** Its length. */
  seconds: number
  created_at: string
  updated_at: string
  error: { code: string; title: string } | null
  entry_id: number | null
  /** With the transcript; there until it was fetched once. */
  result: CareAnalysis | null
}

export type CareTrendInterval = 'day' | 'week' | 'month'

export type CareTrendPeriod = {
  start: string
  /** Not included. */
  end: string
  entries: number
  mood: { mean: number; count: number } | null
  cues: { cue: CareCue; entries: number; strongest: number }[]
  scores: { depression: number | null; anxiety: number | null; cognitive: number | null }
  questionnaires: {
    name: CareQuestionnaireName
    score: number
    max: number
    band: string
    band_text: string
    at: string
  }[]
  /** null: not for this guardian, who was not to be told of a crisis */
  safety: CareSafetyLevel | null
}

export type CareTrend = {
  by: CareTrendInterval
  tz: string
  /** All of the range, also those in which nothing was handed in. */
  periods: CareTrendPeriod[]
  last_sign_of_life: string | null
}

/** Between a senior and a guardian, once both agree to it. By itself it shares nothing. */
export type CareLink = {
  id: number
  senior_id: number
  guardian_id: number
  asked_by: number
  state: 'asked' | 'accepted'
  created_at: string
  accepted_at: string | null
  /** What the senior agreed to. */
  shares: { trends: boolean; crisis: boolean; needs_renewal: boolean }
}

export type CareAlertKind = 'crisis' | 'quiet' | 'questionnaire' | 'cues'
export type CareAlert = {
  id: number
  senior_id: number
  kind: CareAlertKind
  raised_at: string
  read_at: string | null
}

/** Of one guardian, about one senior. */
export type CareAlertRules = {
  /** After so many days without a sign of life; null: never */
  quiet_days: number | null
  questionnaire: boolean
  cues: boolean
}

export type CareNote = { id: number; senior_id: number; author_id: number; text: string; created_at: string }

/** That a guardian got to know something. */
export type CareRead = {
  id: number
  reader_id: number
  what: 'overview' | 'trend' | 'notes' | 'alert'
  at: string
}

/** A senior who shows how they are over time, as their guardian sees them in the list. */
export type CareSenior = {
  senior_id: number
  last_sign_of_life: string | null
  days_since: number | null
  link_id: number
  shares: CareLink['shares']
  week: CareTrendPeriod
  unread_alerts: number
}
