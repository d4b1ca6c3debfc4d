import { TWO_WEEKS } from './phq9.ts'
import type { Questionnaire } from './questionnaire.ts'

export const GAD_7: Questionnaire = {
  id: 'GAD-7',
  title: { ko: '불안 살펴보기 (GAD-7)', en: 'Generalised Anxiety Disorder scale (GAD-7)' },
  instruction: {
    ko: '지난 2주 동안 다음과 같은 문제로 얼마나 자주 힘드셨나요?',
    en: 'Over the last 2 weeks, how often have you been bothered by the following problems?',
  },
  period: { ko: '지난 2주', en: 'the last 2 weeks' },
  questions: [
    { text: { ko: '초조하거나 불안하거나 조마조마함', en: 'Feeling nervous, anxious, or on edge' } },
    { text: { ko: '걱정을 멈추거나 다스릴 수 없음', en: 'Not being able to stop or control worrying' } },
    { text: { ko: '여러 가지 일을 너무 많이 걱정함', en: 'Worrying too much about different things' } },
    { text: { ko: '편하게 쉬기 어려움', en: 'Trouble relaxing' } },
    { text: { ko: '너무 안절부절못해 가만히 있기 어려움', en: 'Being so restless that it is hard to sit still' } },
    { text: { ko: '쉽게 짜증이 나거나 화를 냄', en: 'Becoming easily annoyed or irritable' } },
    { text: { ko: '끔찍한 일이 생길 것처럼 두려움', en: 'Feeling afraid, as if something awful might happen' } },
  ],
  options: TWO_WEEKS,
  bands: [
    { from: 0, id: 'minimal', label: { ko: '최소', en: 'Minimal' } },
    { from: 5, id: 'mild', label: { ko: '가벼움', en: 'Mild' } },
    { from: 10, id: 'moderate', label: { ko: '중간', en: 'Moderate' } },
    { from: 15, id: 'severe', label: { ko: '심함', en: 'Severe' } },
  ],
  cutOff: 10,
  source:
    'Spitzer RL, Kroenke K, Williams JBW, Löwe B (2006). A brief measure for assessing generalized anxiety disorder: the GAD-7. Arch Intern Med 166:1092-1097. Free to reproduce, translate and distribute. The Korean wording is our translation.',
}
