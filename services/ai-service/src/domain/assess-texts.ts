import type { Cue } from './types.ts'

export type Language = 'ko' | 'en'

type Words = Readonly<{ state: string; concern: string; advice: string }>

/** Of each cue a word for how somebody speaks, a noun for the list of concerns, and what may help. Never a diagnosis, never medicine. */
export const CUE_WORDS: Readonly<Record<Language, Readonly<Record<Cue, Words>>>> = {
  ko: {
    low_mood: { state: '우울', concern: '우울감', advice: '전문가 상담 권장' },
    anhedonia: { state: '의욕 저하', concern: '흥미·의욕 저하', advice: '좋아하던 일 하루 10분 다시 해 보기' },
    sleep: { state: '수면의 어려움', concern: '수면 장애', advice: '일정한 시간에 자고 일어나기' },
    fatigue: { state: '피로', concern: '피로·기력 저하', advice: '충분한 휴식과 가벼운 산책' },
    appetite: { state: '식욕 변화', concern: '식욕 변화', advice: '조금씩 자주, 규칙적으로 식사하기' },
    worthless: { state: '자책', concern: '자기 비난·무가치감', advice: '믿을 수 있는 사람에게 마음 이야기하기' },
    concentration: { state: '집중의 어려움', concern: '집중력 저하', advice: '한 번에 한 가지씩, 쉬어 가며 하기' },
    anxiety: { state: '불안', concern: '불안·걱정', advice: '천천히 숨 쉬기와 규칙적인 운동' },
    lonely: { state: '외로움', concern: '외로움·고립감', advice: '가족·이웃과 안부 나누기' },
    memory: { state: '기억의 어려움', concern: '기억력 걱정', advice: '치매안심센터나 병원에서 기억력 검사 받아 보기' },
    pain: { state: '통증', concern: '신체 통증', advice: '통증이 이어지면 병원 진료 받기' },
  },
  en: {
    low_mood: { state: 'low mood', concern: 'Low mood', advice: 'Talk to a professional' },
    anhedonia: {
      state: 'loss of interest',
      concern: 'Loss of interest',
      advice: 'Try ten minutes a day of something you used to like',
    },
    sleep: { state: 'trouble sleeping', concern: 'Trouble sleeping', advice: 'Go to bed and get up at regular hours' },
    fatigue: { state: 'tiredness', concern: 'Tiredness, little energy', advice: 'Enough rest and a short walk' },
    appetite: { state: 'change of appetite', concern: 'Change of appetite', advice: 'Small, regular meals' },
    worthless: {
      state: 'self-blame',
      concern: 'Self-blame, feeling of no worth',
      advice: 'Tell somebody you trust how you feel',
    },
    concentration: {
      state: 'trouble concentrating',
      concern: 'Trouble concentrating',
      advice: 'One thing at a time, with breaks',
    },
    anxiety: { state: 'anxiety', concern: 'Anxiety and worry', advice: 'Slow breathing and regular exercise' },
    lonely: { state: 'loneliness', concern: 'Loneliness', advice: 'Keep in touch with family and neighbours' },
    memory: {
      state: 'trouble remembering',
      concern: 'Worries about memory',
      advice: 'Have your memory checked at a clinic',
    },
    pain: { state: 'pain', concern: 'Pain', advice: 'See a doctor if the pain goes on' },
  },
}

type Phrases = Readonly<{
  noCue: string
  crisis: string
  crisisConcern: string
  crisisAdvice: string
  noBasis: string
  basis: (phrases: number) => string
  /** Of a language model, as its provider calls it. */
  unchecked: (model: string) => string
}>

export const PHRASES: Readonly<Record<Language, Phrases>> = {
  ko: {
    noCue: '단서 없음',
    crisis: '위기 신호',
    crisisConcern: '위기 신호',
    crisisAdvice: '혼자 견디지 말고 지금 상담 전화나 믿을 수 있는 사람에게 연락하기',
    noBasis: '아는 표현을 찾지 못했습니다. 괜찮다는 뜻이 아니라 알 수 없다는 뜻입니다.',
    basis: (phrases) => `정해진 표현을 ${phrases}곳에서 찾은 결과이며, 평가나 진단이 아닙니다.`,
    unchecked: (model) => `${model}; 모델의 추정이며 검증되지 않았습니다`,
  },
  en: {
    noCue: 'No cue',
    crisis: 'signs of a crisis',
    crisisConcern: 'Signs of a crisis',
    crisisAdvice: 'Do not bear it alone: call a helpline or somebody you trust now',
    noBasis: 'No known phrase was found. It does not mean that all is well; it means that nothing can be said.',
    basis: (phrases) => `Rests on ${phrases} known phrase(s) in the text; it is no assessment and no diagnosis.`,
    unchecked: (model) => `${model}; an estimate of a model, which nobody has checked`,
  },
}
