import type { QuestionnaireName } from '../../contract/kinds.ts'

export type BothLanguages = Readonly<{ ko: string; en: string }>

export type Question = Readonly<{
  text: BothLanguages
  /** Points count the other way round: the answer that says most gives least. */
  reversed?: true
}>

export type Band = Readonly<{ from: number; id: string; label: BothLanguages }>

/** A form that others made and tested: its words, its points and its cut-offs are theirs. */
export type Questionnaire = Readonly<{
  id: QuestionnaireName
  title: BothLanguages
  instruction: BothLanguages
  /** What the questions ask about. */
  period: BothLanguages
  questions: readonly Question[]
  /** In the order of their points, from 0. */
  options: readonly BothLanguages[]
  /** From the lowest; a sum is of the last one whose `from` it reaches. */
  bands: readonly Band[]
  /** Where screening is called positive: worth a talk with a professional. */
  cutOff: number
  /** The question whose answer above 0 raises safety to `concern`, from 1. */
  safetyQuestion?: number
  /** Where text, points and cut-offs come from. */
  source: string
}>
