import type { CueLexicon } from './entry.ts'

const EATING = ['PHQ-9:5']

export const appetite: CueLexicon = {
  cue: 'appetite',
  entries: [
    {
      say: `
        입맛/밥맛/식욕/구미 없~/떨어지~/잃~/안/돌지/뚝/사라지~/싹/가시~/쓰~/까칠/달아나~/못/안+당기~, 입맛+없~,
        밥맛+없~, 식욕부진, 식욕+부진, 입맛을 모르~, 밥+생각 없~/안, 밥 생각도 없~/안,
        먹고+싶은/먹고+싶~ 생각/게/것/마음 없~/안, 먹고+싶지 않~, 배고프~ 줄/지 모르~/않~, 배가 안+고프~,
        배고픔 못/안+느끼~`,
      strength: 2,
      items: EATING,
      unless: '밥맛없는 사람, 밥맛없는 놈',
      example: '요즘 입맛이 없어.',
    },
    {
      say: `
        ^밥 못+먹~/안+먹~/안+넘어가~/못+넘기~/먹는+둥/먹기/거르~/굶~/남기~/안+당기~/먹히지/안+먹히~/싫~/쳐다,
        밥도 안+넘어가~/못/제대로/안+먹~/먹기,
        밥이/음식이/물도/아무것도/뭐가/죽도/국물도 안+넘어가~/넘어가지/안+들어가~/안+먹히~/먹히지,
        밥알 모래/세~/안, 모래 씹~, 모래알, 목 안+넘어가~, 목구멍 안/넘어가지/막히~, 넘길 수 없~`,
      strength: 2,
      items: EATING,
      unless: '바빠, 바쁘, 시간이 없, 검진, 내시경, 금식, 수술 전',
      example: '밥이 목으로 안 넘어가요.',
    },
    {
      say: `
        끼니 거르~/걸러~/굶~/때우~/건너뛰~/놓치~/안/잊~/대충, 식사 거르~/못/안/제대로/건너뛰~,
        굶~ 때/날/다/지내~, 하루 한 끼/끼니, 한 끼 먹~/겨우/간신히, 하루에 한 끼,
        며칠째/며칠을/사흘째/이틀째 굶~/못+먹~/안+먹~, 거의 못+먹~, 거의 안+먹~, 제대로 못+먹~, 제대로 먹지,
        통 못+먹~, 통 안+먹~, 통 먹지, 영 못+먹~, 아무것도 못+먹~, 아무것도 안+먹~, 먹지를 못하~, 먹지도 못하~,
        먹는 게/것이/것도/거이 .. 귀찮~/싫~/고역/힘들~/일이, 먹기 싫~/귀찮~, 차려 먹~ 귀찮~/싫~, 밥 차리기 귀찮~,
        물에 말아, 물 말아, 식음 전폐, 곡기 끊~`,
      strength: 2,
      items: EATING,
      unless: '바빠, 바쁘, 살 빼, 다이어트, 단식, 금식, 검진, 내시경',
      example: '끼니를 거를 때가 많아요.',
    },
    {
      say: `
        숟가락/수저/젓가락/숟갈 들기/드는/놓~/안+가~/못/내려놓~, 두세 숟갈/숟가락,
        몇 숟가락/숟갈/술 .. 못/뜨~/놓~/말~, 한 술/숟갈/숟가락 못/겨우/뜨~/안, 한술 뜨~/못, 깨작,
        먹는 둥 마는 둥, 먹는둥`,
      strength: 2,
      items: EATING,
      unless: '손이 떨려, 설거지',
      example: '몇 숟갈 뜨다 말았어.',
    },
    {
      say: `
        맛을 모르~/못, 무슨 맛 모르~, 맛인지 모르~, 무슨 맛으로, 맛을 못+느끼~, 맛 못+느끼~,
        맛 하나도/통 모르~/없~/안, 맛있는 게/것이/걸/줄/것도 없~/모르~, 입이 쓰~/깔깔/까끌/소태/텁텁,
        입안 쓰~/깔깔하~/까끌, 입이 짧아지~, 소태`,
      strength: 2,
      items: EATING,
      unless: '사진 맛, 이 집, 식당',
      example: '뭘 먹어도 무슨 맛인지 모르겠어요.',
    },
    {
      say: `
        살 쭉/쏙/확/많이/자꾸/너무 빠지~, 살이/체중이/몸무게가 .. 빠지~/줄~/쏙/준~, 킬로 빠지~/줄~,
        키로 빠지~/줄~, 바지 헐렁, 앙상하~, 뼈만 남~, 비쩍 마르~, 말라 가~, 야위~, 여위~, 살이 내리~,
        살이 붙~ 않~, 볼살 빠지~, 옷이 헐거워`,
      strength: 2,
      items: EATING,
      unless: '다이어트, 운동해서, 운동했, 축하, 성공, 빼려고, 가벼워',
      example: '두 달 새 살이 쏙 빠졌어요.',
    },
    {
      say: `
        폭식, 과식, 먹기만 하~, 계속 먹~, 자꾸 먹~ 되~, 먹고 또 먹~, 먹어도 배고프~, 먹어도 허기, 먹어도 허하~,
        허기 지~ 자꾸, 먹는 걸로 풀~, 먹는 것으로 풀~, 끝도 없이 먹~, 끊임없이 먹~, 미친 듯이 먹~, 마구 먹~,
        군것질만, 먹고 토하~, 단것만, 라면만 먹~`,
      strength: 2,
      items: EATING,
      unless: '맛있어서, 추석, 설날, 잔치, 뷔페',
      example: '밤마다 폭식을 하게 돼요.',
    },
    {
      say: `
        no/lost/poor/little/lack/losing/without appetite, lost my appetite, loss of appetite, not/never/hardly hungry, cant/cannot/dont/barely/hardly eat, not eating, dont feel like eating,
        dont want to eat, lost weight, losing weight, losing .. weight, skip~ meals, overeating, binge, binging,
        eating too much, food .. tasteless/no+taste, cant stop eating, everything tastes`,
      strength: 2,
      items: EATING,
      unless: 'good appetite, great appetite, diet, appetite is good, gluten, meat',
      example: 'I have no appetite and barely eat.',
    },
  ],
}
