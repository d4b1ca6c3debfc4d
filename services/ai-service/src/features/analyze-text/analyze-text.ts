import type { Logger } from '@bigtech/telemetry'
import { PHRASES } from '../../domain/assess-texts.ts'
import { CareFailure, type Analysis, type TextModel } from '../../ports.ts'
import { mayLeave, type ConsentPorts } from '../give-consent/give-consent.ts'
import { worseOf } from '../../views/safety.ts'

export type AnalyzePorts = ConsentPorts &
  Readonly<{
    /** Asked beside the rules; none: they are alone. */
    textModel?: TextModel
    logger: Logger
  }>

/** Of the lexicons and of how they are read: raised with each change of what is found. */
const RULES = 'rules 2'

/**
 * Signs of how somebody is, in what they said. The rules run whatever a model says: it may raise the safety level, never lower it, and what it has no
 * evidence for is said by `method`. Without an answer of the model the rules' stands, with the reason.
 * @param alternatives other readings of the same recording: only crisis words are looked for in them
 */
export async function analyzeText(
  ports: AnalyzePorts,
  asked: Readonly<{
    /** Whose text it is; none for a program on this machine. */
    who: number | undefined
    text: string
    alternatives?: readonly string[]
    /** Of the text, BCP 47. */
    language: string
    /** Of the answer. */
    answer: 'ko' | 'en'
    signal: AbortSignal
  }>,
): Promise<Analysis> {
  const { textModel } = ports
  const { who, text, alternatives = [], language, answer, signal } = asked
  // The lexicons are read with the first text.
  const [{ findings }, { assess }] = await Promise.all([
    import('../../domain/findings.ts'),
    import('../../domain/assess.ts'),
  ])
  const { evidence, safety } = findings(text)
  const heard = alternatives.map((other) => findings(other).safety).reduce(worseOf, safety)
  const byRules = {
    assessment: assess({ evidence, safety: heard }, text, answer),
    evidence,
    safety: heard,
    method: { name: 'rules', version: RULES, fallback: null },
  } as const
  if (!textModel || text.trim() === '') return byRules
  if (!(await mayLeave(ports, who, textModel.leavesTo)))
    return { ...byRules, method: { ...byRules.method, fallback: 'no_consent' } }
  try {
    const { safety: found, ...assessment } = await textModel.assess(text, { language, signal })
    return {
      assessment: { ...assessment, confidence_basis: PHRASES[answer].unchecked(textModel.model) },
      evidence,
      safety: worseOf(heard, found),
      method: { name: textModel.name, version: textModel.model, fallback: null },
    }
  } catch (error) {
    if (signal.aborted) throw error
    const kind = error instanceof CareFailure ? error.kind : 'fault'
    ports.logger.warn({ err: error, kind }, 'a language model gave no answer; the rules answer')
    return { ...byRules, method: { ...byRules.method, fallback: kind } }
  }
}
