import type { CueLexicon } from './entry.ts'

const INTEREST = ['PHQ-9:1', 'GDS-SF:2']
const BORED = ['PHQ-9:1', 'GDS-SF:4']
const HOME = ['PHQ-9:1', 'GDS-SF:9']

export const anhedonia: CueLexicon = {
  cue: 'anhedonia',
  entries: [
    {
      say: `
        아무것도/암것도 하기 싫~, 아무것도/암것도 하고+싶지 않~, 아무것도/암것도 하고+싶~ 게/것 없~,
        하고+싶은/하고+싶~ 게/것이/것도/일이/일도/거이 없~, 아무것도 안+하고+싶~, 아무 일도/일 하기 싫~,
        아무것도 못+하겠, 암것도 하기 귀찮~`,
      strength: 2,
      items: INTEREST,
      example: '아무것도 하고 싶지 않아.',
    },
    {
      say: `
        재미 하나도/전혀/통/도통/영/아무/별로/다 없~, 재미+없~, 재미가/재미도/재미는 없~,
        재미있는/재밌는 게/것이/것도/일이/일도/거이 없~, 재미 못 느끼~, 재미 잃~, 재미 사라지~, 무슨 재미,
        재미를 모르~, 재미난 게/일이/일도/것이 없~, 재미지~ 없~, 즐겁~ 않~, 안+즐겁~,
        즐거움 없~/못/모르~/사라지~/잃~, 하나도+안 재밌~/재미있~/즐겁~, 재밌지+않~/재미있지+않~, 재미 안+나~`,
      strength: 2,
      items: INTEREST,
      unless: '영화, 책이, 드라마가, 소설, 경기, 게임이, 수업',
      example: '뭘 해도 재미가 없어요.',
    },
    {
      say: `
        흥미 없~/잃~/못/사라지~/떨어지~/안, 관심 없~/사라지~/안+가~/떨어지~/끊~ 아무, 아무/세상 관심 없~/안,
        관심이 다 없어지~`,
      strength: 2,
      items: INTEREST,
      unless: '정치, 축구, 야구, 주식, 연예인, 골프, 그 사람, 게임',
      example: '세상일에 관심이 없어졌어요.',
    },
    {
      say: `
        의욕 없~/안/떨어지~/잃~/사라지~/바닥/제로/꺾이~/상실, 무기력, 무력감, 만사 귀찮~/싫~/의욕/시들하~,
        매사 귀찮~/싫~/의욕/시큰둥/시들, 모든 게/것이/걸 귀찮~/싫~/시들/시큰둥, 다 귀찮~, 세상만사 귀찮~/싫~,
        귀찮기만, 의욕상실, 무의욕, 무감각, 무덤덤`,
      strength: 2,
      items: ['PHQ-9:1', 'GDS-SF:2', 'GDS-SF:8'],
      example: '매사에 의욕이 없네.',
    },
    {
      say: `
        시큰둥, 시들하~, 시들해지~, 심드렁, 시시하~, 시시해지~, 흥 안+나~/없~/나지/깨지~/잃~, 신 안+나~/나지+않~,
        감흥 없~/안, 설레~ 일 없~, 설레지 않~, 감동 없~`,
      strength: 2,
      items: INTEREST,
      unless: '영화가, 꽃이, 화분, 배추',
      example: '뭘 봐도 심드렁해.',
    },
    {
      say: `
        심심하~ 죽, 무료하~, 지루하~ 하루/매일/나날/사는, 하루/매일/나날/사는 지루하~, 따분하~,
        ^하는/할 일 없~ 하루/종일/멍, 사는 게/것이 지겹~, 싫증 자주/금방/나~, 만사 싫증`,
      strength: 1,
      items: BORED,
      unless: '영화, 수업, 회의, 재밌는 거',
      example: '하루가 너무 무료해요.',
    },
    {
      say: `
        좋아하던/좋아하는/즐기던/즐겨/하던/다니던/재밌던 .. 안+하~/안+가~/안+나~/손이+안/그만두~/끊~/싫~/시들/관심/귀찮~/재미/접~/관두~/못+하겠/별로,
        취미 없~/접~/그만두~/관두~/귀찮~/시들, 손 안+가~, 손이 안+가~, 손을/손 놓~ 지`,
      strength: 2,
      items: INTEREST,
      unless: '바빠, 바쁘, 이사, 반찬, 김치, 음식',
      example: '즐기던 바둑도 이젠 손이 안 가.',
    },
    {
      say: `
        밖에/밖으로/바깥에 나가~ 싫~/귀찮~, 나가기 싫~/귀찮~, 나가고+싶지 않~, 집에만 있~/틀어박히~/처박히~,
        집밖/문밖 안+나가~/나가지+않~/못+나가~, 방에만 있~/틀어박히~/누워, 방구석, 방 밖 안+나, 방 안에만,
        두문불출, 외출 싫~/귀찮~/안, 칩거, 꼼짝+하기 싫~, 움직이기 싫~, 움직이기도 싫~, 꼼짝도 하기 싫~`,
      strength: 2,
      items: HOME,
      unless: '추워, 추우, 더워, 더우, 비가, 비 와, 눈이 와, 미세먼지, 코로나, 감기',
      example: '밖에 나가기도 싫고 집에만 있어요.',
    },
    {
      say: `
        사람/사람들/친구 만나기/보기/만나는 싫~/귀찮~/부담, 사람/사람들/아무도 만나고싶지/보고싶지 않~,
        아무도 만나~ 싫~/귀찮~, 아무도 안+만나고+싶~, 전화 받~ 싫~/귀찮~, 말하기 싫~/귀찮~, 말도 하기 싫~,
        연락 다 끊~, 연락 받~ 싫~/귀찮~`,
      strength: 2,
      items: HOME,
      example: '사람 만나기가 싫어요.',
    },
    {
      say: `
        씻기 싫~/귀찮~, 씻는 것도/게 귀찮~/싫~, 씻지도 않~, 안+씻~ 지, 일어나기 싫~, 이불 밖 나가~ 싫~,
        이불 속 나오~ 싫~, 이불/침대 밖 못+나, 누워만+있~, 누워 있고만/있기만, 하루종일/온종일 누워, 눈뜨기 싫~,
        아침 오~ 싫~`,
      strength: 2,
      items: INTEREST,
      unless: '감기, 추워, 주말',
      example: '씻는 것도 귀찮아.',
    },
    {
      say: `
        아무 감정 없~/안/못, 감정 메마르~/없어지~/못+느끼~/무뎌지~, 좋은 줄 모르~, 좋은지 모르~,
        기쁜지/기쁜+줄/즐거운+줄/행복한+줄 모르~, 아무 느낌 없~/안, 뭘/무엇을 해도/봐도 똑같~/그냥/별로/그저`,
      strength: 2,
      items: INTEREST,
      unless: '마취, 주사',
      example: '꽃을 봐도 좋은 줄 모르겠어요.',
    },
    {
      say: `
        dont/cant/dont+really/no+longer enjoy, not interested .. anything, lost .. interest, no interest,
        nothing is/seems/feels .. fun/interesting, no motivation, unmotivated, dont feel like doing,
        dont want to do anything, dont want to go out, nothing makes me happy, nothing excites, no joy,
        no pleasure, bored with/of everything, stay in bed all day, cant be bothered`,
      strength: 2,
      items: INTEREST,
      example: "I don't enjoy anything these days.",
    },
  ],
}
