/** What a text can hold signs of. Each is mapped to the items of the questionnaires that ask for it. */
export const CUES = [
  'low_mood',
  'anhedonia',
  'sleep',
  'fatigue',
  'appetite',
  'worthless',
  'concentration',
  'anxiety',
  'lonely',
  'memory',
  'pain',
] as const
export type Cue = (typeof CUES)[number]

/**
 * How near a crisis a text is, from the least to the most: `none`; `mention` of the subject (news, a film, prevention, somebody else); `past`: of one's own, and over;
 * `concern`: wishing not to be, without saying that one will do something; `immediate`: intent, means or a plan.
 */
export const SAFETY_LEVELS = ['none', 'mention', 'past', 'concern', 'immediate'] as const
export type SafetyLevel = (typeof SAFETY_LEVELS)[number]

/**
 * What a person can agree to, each on its own; a new version of its words must be agreed to anew. `analysis`: before it nothing is analysed; `cloud`: what is handed in may
 * leave this server to one host; `guardian`: one guardian sees how the person is; `crisis_notice`: one guardian is told of a crisis.
 */
export const CONSENT_KINDS = ['analysis', 'cloud', 'guardian', 'crisis_notice'] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]

/** The forms that can be filled in, as their authors call them. */
export const QUESTIONNAIRE_NAMES = ['PHQ-9', 'GAD-7', 'GDS-SF'] as const
export type QuestionnaireName = (typeof QUESTIONNAIRE_NAMES)[number]

/** What a person can hand in. */
export const ENTRY_KINDS = ['text', 'voice', 'mood', 'questionnaire'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** A recording from its coming to its end; the last three are ends. */
export const RECORDING_STATES = ['queued', 'listening', 'analysing', 'done', 'failed', 'cancelled'] as const
export type RecordingState = (typeof RECORDING_STATES)[number]

/** What a guardian is told of: a crisis, days without a sign of life, a questionnaire's band of moderate or above, cues that are strong or became more. */
export const ALERT_KINDS = ['crisis', 'quiet', 'questionnaire', 'cues'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** What a guardian got to know: the overview of those they look after, the trend of one, the notes about them, an alert. */
export const READ_KINDS = ['overview', 'trend', 'notes', 'alert'] as const
export type ReadKind = (typeof READ_KINDS)[number]
