/** Of what a guardian wants to be told. A crisis is none of them: that is for the senior to agree to. */
export type AlertRules = Readonly<{
  /** After so many days without a sign of life; null: never. */
  quiet_days: number | null
  /** Of a questionnaire whose band is moderate or above. */
  questionnaire: boolean
  /** Of a strong cue, or when there are clearly more than the week before. */
  cues: boolean
}>

export const DEFAULT_RULES: AlertRules = { quiet_days: 3, questionnaire: true, cues: true }
