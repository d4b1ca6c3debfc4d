import type { QuestionnaireName } from '../../contract/kinds.ts'
import type { SafetyLevel } from '../types.ts'
import { GAD_7 } from './gad7.ts'
import { GDS_SF } from './gds-sf.ts'
import { PHQ_9 } from './phq9.ts'
import type { Band, Questionnaire } from './questionnaire.ts'

export const QUESTIONNAIRES: readonly Questionnaire[] = [PHQ_9, GAD_7, GDS_SF]

/** There is one of each name. */
export const questionnaireOf = (name: QuestionnaireName): Questionnaire => QUESTIONNAIRES.find(({ id }) => id === name)!

export type QuestionnaireId = Questionnaire['id']

/** A sum that screens: it says who should talk to a professional, never what somebody has. */
export type QuestionnaireScore = Readonly<{
  id: QuestionnaireId
  sum: number
  /** The most that can be reached. */
  of: number
  band: Band
  /** Whether the published cut-off is reached. */
  positive: boolean
  safety: Extract<SafetyLevel, 'none' | 'concern'>
}>

/** Why answers cannot be counted; `question` counts from 1. */
export type AnswersProblem =
  | Readonly<{ reason: 'unknown_questionnaire' }>
  | Readonly<{ reason: 'wrong_number'; expected: number; given: number }>
  | Readonly<{ reason: 'missing'; question: number }>
  | Readonly<{ reason: 'out_of_range'; question: number; from: number; to: number }>

const MESSAGES: { [R in AnswersProblem['reason']]: (problem: Extract<AnswersProblem, { reason: R }>) => string } = {
  unknown_questionnaire: () =>
    `there is no such questionnaire; there are ${QUESTIONNAIRES.map(({ id }) => id).join(', ')}`,
  wrong_number: ({ expected, given }) => `${expected} answers are needed, ${given} were given`,
  missing: ({ question }) => `question ${question} has no answer`,
  out_of_range: ({ question, from, to }) =>
    `the answer to question ${question} is no whole number from ${from} to ${to}`,
}

export class AnswersError extends Error {
  override readonly name = 'AnswersError'
  readonly problem: AnswersProblem
  constructor(problem: AnswersProblem) {
    super((MESSAGES[problem.reason] as (problem: AnswersProblem) => string)(problem))
    this.problem = problem
  }
}

/**
 * @param answers of each question, in order, the place of the option chosen, from 0; of yes and no: 0 is no. Reversed questions are turned here, not by the caller.
 * @throws AnswersError for the first thing that is wrong: sums of forms with gaps mean nothing
 */
export function scoreQuestionnaire(id: string, answers: readonly (number | null | undefined)[]): QuestionnaireScore {
  const questionnaire = QUESTIONNAIRES.find((one) => one.id === id)
  if (!questionnaire) throw new AnswersError({ reason: 'unknown_questionnaire' })
  const { questions, options, bands, cutOff, safetyQuestion } = questionnaire
  if (answers.length !== questions.length)
    throw new AnswersError({ reason: 'wrong_number', expected: questions.length, given: answers.length })
  const most = options.length - 1
  const points = questions.map(({ reversed }, i) => {
    const answer = answers[i]
    if (answer === null || answer === undefined) throw new AnswersError({ reason: 'missing', question: i + 1 })
    if (!Number.isInteger(answer) || answer < 0 || answer > most)
      throw new AnswersError({ reason: 'out_of_range', question: i + 1, from: 0, to: most })
    return reversed ? most - answer : answer
  })
  const sum = points.reduce((total, one) => total + one, 0)
  return {
    id: questionnaire.id,
    sum,
    of: most * questions.length,
    band: bands.findLast(({ from }) => sum >= from)!,
    positive: sum >= cutOff,
    safety: safetyQuestion !== undefined && points[safetyQuestion - 1]! > 0 ? 'concern' : 'none',
  }
}
