import type { Questionnaire } from './questionnaire.ts'

export const GDS_SF: Questionnaire = {
  id: 'GDS-SF',
  title: { ko: '어르신 기분 살펴보기 (GDS 단축형)', en: 'Geriatric Depression Scale, short form (GDS-SF)' },
  instruction: {
    ko: '지난 한 주 동안 어떻게 느끼셨는지 예 또는 아니요로 답해 주세요.',
    en: 'Choose the best answer for how you have felt over the past week.',
  },
  period: { ko: '지난 1주', en: 'the past week' },
  questions: [
    {
      text: { ko: '지금의 생활에 대체로 만족하시나요?', en: 'Are you basically satisfied with your life?' },
      reversed: true,
    },
    {
      text: {
        ko: '하던 활동이나 관심거리를 많이 그만두셨나요?',
        en: 'Have you dropped many of your activities and interests?',
      },
    },
    { text: { ko: '사는 것이 허전하다고 느끼시나요?', en: 'Do you feel that your life is empty?' } },
    { text: { ko: '지루할 때가 자주 있나요?', en: 'Do you often get bored?' } },
    {
      text: { ko: '대부분의 시간을 기분 좋게 지내시나요?', en: 'Are you in good spirits most of the time?' },
      reversed: true,
    },
    {
      text: {
        ko: '나에게 나쁜 일이 생길까 봐 두려우신가요?',
        en: 'Are you afraid that something bad is going to happen to you?',
      },
    },
    { text: { ko: '대부분의 시간 행복하다고 느끼시나요?', en: 'Do you feel happy most of the time?' }, reversed: true },
    { text: { ko: '어찌할 도리가 없다고 느낄 때가 자주 있나요?', en: 'Do you often feel helpless?' } },
    {
      text: {
        ko: '밖에 나가 새로운 일을 하기보다 집에 있는 것이 더 좋으신가요?',
        en: 'Do you prefer to stay at home, rather than going out and doing new things?',
      },
    },
    {
      text: {
        ko: '다른 사람들보다 기억력에 문제가 많다고 느끼시나요?',
        en: 'Do you feel you have more problems with memory than most?',
      },
    },
    {
      text: {
        ko: '살아 있다는 것이 참 좋은 일이라고 생각하시나요?',
        en: 'Do you think it is wonderful to be alive now?',
      },
      reversed: true,
    },
    { text: { ko: '지금의 내가 쓸모없다고 느끼시나요?', en: 'Do you feel pretty worthless the way you are now?' } },
    { text: { ko: '기운이 넘친다고 느끼시나요?', en: 'Do you feel full of energy?' }, reversed: true },
    { text: { ko: '지금 처지에 희망이 없다고 느끼시나요?', en: 'Do you feel that your situation is hopeless?' } },
    {
      text: {
        ko: '대부분의 사람이 나보다 형편이 낫다고 생각하시나요?',
        en: 'Do you think that most people are better off than you are?',
      },
    },
  ],
  options: [
    { ko: '아니요', en: 'No' },
    { ko: '예', en: 'Yes' },
  ],
  bands: [
    { from: 0, id: 'below', label: { ko: '기준 미만', en: 'Below the cut-off' } },
    { from: 5, id: 'suggestive', label: { ko: '우울 가능성', en: 'Suggestive of depression' } },
    { from: 10, id: 'strong', label: { ko: '우울 가능성 높음', en: 'Strongly suggestive of depression' } },
  ],
  cutOff: 5,
  source:
    'Sheikh JI, Yesavage JA (1986). Geriatric Depression Scale: recent evidence and development of a shorter version. Clin Gerontol 5:165-173 (5 and 10); public domain. Korean studies differ: GDSSF-K 5 (Kee 1996), SGDS-K 8 (Cho et al. 1999; Bae & Cho 2004). The Korean wording is our translation of the English, not theirs.',
}
