import { aiErrors } from '../../contract/errors.ts'
import { QuestionnaireAnswered } from '../../contract/events.ts'
import type { QuestionnaireName } from '../../contract/kinds.ts'
import { AnswersError, scoreQuestionnaire, type QuestionnaireScore } from '../../domain/questionnaires/score.ts'
import { keepEntry, timesOf, type KeepPorts } from '../../access/keep-entry.ts'
import type { Entry } from '../../ports.ts'
import { needConsent, type ConsentPorts } from '../give-consent/give-consent.ts'

/** The sum of a form is kept with its answers, and the band is told. @throws CONSENT_REQUIRED, ANSWERS_INVALID, ENTRIES_OF_TODAY */
export async function answerQuestionnaire(
  ports: KeepPorts & ConsentPorts,
  given: Readonly<{ user_id: number; name: QuestionnaireName; answers: readonly number[]; traceparent: string }>,
): Promise<Entry> {
  const { user_id, name, answers, traceparent } = given
  await needConsent(ports, user_id, 'analysis')
  const { sum, of, band, positive, safety } = scored(name, answers)
  const times = timesOf(ports)
  return keepEntry(ports, {
    entry: {
      ...times,
      user_id,
      kind: 'questionnaire',
      safety,
      text: null,
      mood: null,
      analysis: null,
      questionnaire: { name, score: sum, max: of, band: band.id, positive, answers },
    },
    told: (id) => [
      QuestionnaireAnswered.make(
        { user_id, entry_id: id, name, band: band.id, safety_level: safety },
        { now: times.created_at, traceparent },
      ),
    ],
  })
}

function scored(name: QuestionnaireName, answers: readonly number[]): QuestionnaireScore {
  try {
    return scoreQuestionnaire(name, answers)
  } catch (error) {
    if (!(error instanceof AnswersError)) throw error
    throw aiErrors.ANSWERS_INVALID({ errors: [{ field: 'answers', message: error.message }], cause: error })
  }
}
