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

/** What a person can agree to, each on its own. Nothing is analysed before; a new version of its words must be agreed to anew. */
export const CONSENT_KINDS = ['analysis'] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]
