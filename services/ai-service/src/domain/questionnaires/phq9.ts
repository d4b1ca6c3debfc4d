import type { BothLanguages, Questionnaire } from './questionnaire.ts'

export const TWO_WEEKS: readonly BothLanguages[] = [
  { ko: '전혀 없음', en: 'Not at all' },
  { ko: '며칠 동안', en: 'Several days' },
  { ko: '일주일 이상', en: 'More than half the days' },
  { ko: '거의 매일', en: 'Nearly every day' },
]

export const PHQ_9: Questionnaire = {
  id: 'PHQ-9',
  title: { ko: '기분 살펴보기 (PHQ-9)', en: 'Patient Health Questionnaire (PHQ-9)' },
  instruction: {
    ko: '지난 2주 동안 다음과 같은 문제로 얼마나 자주 힘드셨나요?',
    en: 'Over the last 2 weeks, how often have you been bothered by any of the following problems?',
  },
  period: { ko: '지난 2주', en: 'the last 2 weeks' },
  questions: [
    {
      text: { ko: '일이나 여가 활동에 흥미나 즐거움을 느끼지 못함', en: 'Little interest or pleasure in doing things' },
    },
    { text: { ko: '기분이 가라앉거나, 우울하거나, 희망이 없음', en: 'Feeling down, depressed, or hopeless' } },
    {
      text: {
        ko: '잠들기 어렵거나 자주 깸, 또는 잠을 너무 많이 잠',
        en: 'Trouble falling or staying asleep, or sleeping too much',
      },
    },
    { text: { ko: '피곤하다고 느끼거나 기운이 거의 없음', en: 'Feeling tired or having little energy' } },
    { text: { ko: '입맛이 없거나 너무 많이 먹음', en: 'Poor appetite or overeating' } },
    {
      text: {
        ko: '내가 못났거나 실패했다고 느낌, 또는 나나 가족을 실망시켰다고 느낌',
        en: 'Feeling bad about yourself, or that you are a failure or have let yourself or your family down',
      },
    },
    {
      text: {
        ko: '신문을 읽거나 텔레비전을 볼 때처럼 한 가지에 집중하기 어려움',
        en: 'Trouble concentrating on things, such as reading the newspaper or watching television',
      },
    },
    {
      text: {
        ko: '남들이 알아챌 만큼 느리게 움직이거나 말함, 또는 반대로 안절부절못해 평소보다 많이 돌아다님',
        en: 'Moving or speaking so slowly that other people could have noticed, or the opposite: being so fidgety or restless that you have been moving around a lot more than usual',
      },
    },
    {
      text: {
        ko: '차라리 죽는 것이 낫겠다고 생각하거나 어떻게든 나를 해치려는 생각을 함',
        en: 'Thoughts that you would be better off dead or of hurting yourself in some way',
      },
    },
  ],
  options: TWO_WEEKS,
  bands: [
    { from: 0, id: 'minimal', label: { ko: '최소', en: 'Minimal' } },
    { from: 5, id: 'mild', label: { ko: '가벼움', en: 'Mild' } },
    { from: 10, id: 'moderate', label: { ko: '중간', en: 'Moderate' } },
    { from: 15, id: 'moderately_severe', label: { ko: '약간 심함', en: 'Moderately severe' } },
    { from: 20, id: 'severe', label: { ko: '심함', en: 'Severe' } },
  ],
  cutOff: 10,
  safetyQuestion: 9,
  source:
    'Kroenke K, Spitzer RL, Williams JBW (2001). The PHQ-9: validity of a brief depression severity measure. J Gen Intern Med 16:606-613. Free to reproduce, translate and distribute. The Korean wording is our translation.',
}
