/**
 * What ai-service tells of a week of care: how often, and by how many people, for groups of five people and more. The place in this list is what a fact has
 * on disk: measures are added at the end and never taken out.
 */
export const CARE_MEASURES = [
  'all',
  'text',
  'voice',
  'mood',
  'questionnaire',
  'cue:low_mood',
  'cue:anhedonia',
  'cue:sleep',
  'cue:fatigue',
  'cue:appetite',
  'cue:worthless',
  'cue:concentration',
  'cue:anxiety',
  'cue:lonely',
  'cue:memory',
  'cue:pain',
  'safety:concern',
  'safety:immediate',
  'positive:PHQ-9',
  'positive:GAD-7',
  'positive:GDS-SF',
] as const
export type CareMeasure = (typeof CARE_MEASURES)[number]
