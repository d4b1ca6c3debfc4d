import type { CueLexicon } from './entry.ts'

/** Pain is asked for by none of the three questionnaires; elders often speak of it where others would speak of their mood. */
const BODY: readonly string[] = []
const NOT_BODY =
  '마음이 아프, 마음이 아파, 마음 아파, 가슴 아픈 이야기, 마음이 아픈, 맘이 아프, 아픈 사람, 아픈 기억, 아픈 추억'

export const pain: CueLexicon = {
  cue: 'pain',
  entries: [
    {
      say: '아프~, 아픔, 아푸~, 아파~, 통증, 고통 심하~, 안+아픈 데/곳, 욱신, 따끔, 찌릿, 화끈거리~, 앓~, 아야',
      strength: 2,
      items: BODY,
      unless: `${NOT_BODY}, 배 아파 (부러, 아프리카, 아프지 마, 안 아픈 주사, 앓느니`,
      example: '무릎이 아파서 못 걷겠어.',
    },
    {
      say: `
        쑤시~, 쑤셔~, 쑤신다, 결리~, 결려~, 저리~, 저릿, 시큰거리~, 시큰시큰, 시큰하~, 뻐근, 뻣뻣, 지끈, 지끈거리~, 욱신거리~,
        쓰라리~, 쿡쿡, 콕콕, 아리~ 팔/다리/손, 시리~ 손/발/이/무릎/뼈, 무릎/뼈/뼈마디/손발/이/잇몸 시리~/시려~,
        땡기~, 당기~ 허리/다리/목, 쥐 나~, 쥐가 나~, 담 걸리~/결리~, 담이 들~, 삐끗, 찌뿌드드,
        붓~ 다리/발/무릎/손, 퉁퉁 붓~, 퉁퉁, 절뚝, 절룩`,
      strength: 2,
      items: BODY,
      unless: '벌집, 배추, 코를 쑤시, 고기가',
      example: '온몸이 쑤시고 결려요.',
    },
    {
      say: `
        두통, 편두통, 치통, 요통, 복통, 생리통, 근육통, 신경통, 관절염, 관절통, 디스크, 오십견, 통풍, 협착증,
        류머티즘, 류마티스, 좌골신경통, 위염, 역류성, 속쓰림, 몸살, 담석, 대상포진, 삭신, 골병, 진통제, 파스,
        물리치료`,
      strength: 2,
      items: BODY,
      unless: '관절염에 좋, 디스크 조각, 파스타, 파스텔, 하드디스크, 통풍이 잘, 통풍 잘',
      example: '두통이 또 도졌어요.',
    },
    {
      say: `
        허리/무릎/다리/어깨/목/머리/팔/손목/발목/관절/골반/등/뼈마디/발/손가락/엉치 .. 끊어지~/부서지~/깨질+것/쪼개지~/빠질+것/터질+것/못+쓰~/안+좋~/말썽/나갈+것/불편하~/안+펴지~/못+펴~/뽀개지~/고장/망가지~/굳~/욱신/힘들~/내려앉~,
        허리 못+펴~, 허리를 못+펴~, 허리가 나가~, 무릎 못+구부리~/못+굽히~,
        걷기가/걷는/걸을 때 .. 힘들~/불편하~/아프~/시큰, 걸음 못, 절절, 골골 앓`,
      strength: 2,
      items: BODY,
      unless: '의자, 자전거, 차가, 책상, 길이, 바지',
      example: '허리가 끊어질 것 같아.',
    },
    {
      say: `
        ^속 쓰리~/아프~/더부룩/메스껍~/울렁/안+좋~/불편하~/뒤집/부글/거북, ^배 아프~/살살/뒤틀리~,
        소화 안/못/불량, 체하~, 체했, 명치 아프~/막히~, 더부룩, 메스껍~, 울렁거리~, 변비, 설사, 이 아프~,
        이가 아프~, 이빨 아프~, 잇몸 붓~, 목 붓~/칼칼, 눈 침침하~/뻑뻑, 귀 먹먹하~/울리~, 이명`,
      strength: 1,
      items: BODY,
      unless: '배 아파 죽겠 부러',
      example: '속이 쓰리고 더부룩해요.',
    },
    {
      say: `
        hurts, hurting, painful, in pain, my .. hurt, my .. aches, aching, headache, headaches, back pain,
        knee pain, joint pain, chest pain, stomach ache, sore, arthritis, migraine, chronic pain, killing me,
        so much pain, constant pain`,
      strength: 2,
      items: BODY,
      unless: 'suspense, waiting is killing',
      example: 'My knee hurts when I walk.',
    },
  ],
}
