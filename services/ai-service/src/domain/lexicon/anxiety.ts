import type { CueLexicon } from './entry.ts'

const NERVOUS = ['GAD-7:1']
const WORRY = ['GAD-7:2', 'GAD-7:3']
const RESTLESS = ['GAD-7:4', 'GAD-7:5', 'PHQ-9:8']
const IRRITABLE = ['GAD-7:6']
const AFRAID = ['GAD-7:7', 'GDS-SF:6']

export const anxiety: CueLexicon = {
  cue: 'anxiety',
  entries: [
    {
      say: `
        불안, 초조, 조마조마, 조바심, 노심초사, 전전긍긍, 좌불안석, 안달복달, 긴장되~, 긴장하~ 자꾸/늘/항상,
        늘 긴장, 항상 긴장`,
      strength: 2,
      items: NERVOUS,
      unless: '불안정한 시장, 정세, 경제 불안, 치안, 물가 불안, 공연, 발표를 앞',
      example: '괜히 불안하고 초조해요.',
    },
    {
      say: `
        걱정, 근심, 시름, 염려, 걱정거리, 고민되~, 고민 많~, 고민이 많~, 애 타~, 애가 타~, 속 타~, 속이 타~,
        속이 바짝, 속 바짝바짝, 애간장, 피가 마르~, 피 말리~, 속 끓이~, 속을 끓, 애끓, 신경 쓰이~, 신경이 쓰이~,
        생각 꼬리, 생각 멈추~, 별의별 생각, 별별 생각, 나쁜 생각만, 안 좋은 생각만`,
      strength: 2,
      items: WORRY,
      unless: `
        걱정 인형, 걱정해 줘서, 걱정해줘서, 걱정해 주셔서, 걱정해주셔서, 시름을 잊, 시름 잊, 배려, 걱정 끼쳐,
        쓸데없는 걱정`,
      example: '자꾸 걱정이 돼서 큰일이야.',
    },
    {
      say: `
        무섭~, 무서움, 두렵~, 두려움, 겁+나~, ^겁이 나~/많~, ^겁 나~/먹~, 공포, 겁에, 섬뜩, 소름 끼치~ 자꾸,
        오싹`,
      strength: 1,
      items: AFRAID,
      unless: `
        영화, 드라마, 귀신, 무서운 이야기, 무섭게 생, 놀이기구, 공포영화, 호랑이, 무서운 꿈, 무서운 속도,
        롤러코스터`,
      example: '혼자 있기가 무서워요.',
    },
    {
      say: `
        나쁜/안좋은/큰/무슨/끔찍한/불길한 일/사고 생기~/나~/날/터지~/있~/닥치~ .. 같/까/봐/듯, ^일+날 것 같,
        불길하~, 방정맞은 생각, 무슨 일 날, 큰일 날/나~ 것/까, 죽을병,
        큰 병/병이 걸리~/아니~/있~ .. 까/봐/걱정/싶~/아닌가, ^어떻게 될 까/지/것, 어떻게 되~ 건/거 아닌,
        쓰러지~ 까/면/어쩌, 사고 나~ 까/면`,
      strength: 2,
      items: AFRAID,
      example: '무슨 일이 터질 것만 같아.',
    },
    {
      say: `
        심장/가슴/맥박/맥 두근/벌렁/쿵쾅/쿵쿵/뛰~/콩닥/철렁/떨리~/조이~/조여~/죄~/쪼이~/방망이/내려앉~/터질/요동/빨리/덜컹/덜컥/벌렁벌렁,
        두근두근, 두근거리~, 벌렁거리~, 심장이 빨리, 가심 벌렁, 콩닥콩닥, 가슴 답답하~ 숨, 명치 답답/막히~/조`,
      strength: 2,
      items: NERVOUS,
      unless: '설레, 첫사랑, 달리기, 운동, 뛰었더니, 여행, 신나, 좋아서, 기대',
      example: '가슴이 벌렁거려요.',
    },
    {
      say: `
        숨 막히~/가쁘~/안+쉬어지~/못+쉬~/안+쉬~/턱/조이~/헐떡, 숨이 막히~/가쁘~/안/안+쉬어지~/못/턱,
        숨쉬기 힘들~/어렵~, 호흡 가쁘~/곤란/힘들~/빨라/안, 과호흡, 질식할, 공황, 발작 오~/나~`,
      strength: 2,
      items: NERVOUS,
      unless: '더위, 더워, 숨막히는 경기, 마스크, 숨막히는 경치',
      example: '숨이 턱턱 막혀요.',
    },
    {
      say: `
        안절부절, 가만+있~ 못/없~, 가만히 있~/앉~ 못/없~/힘들~, 가만 앉~ 못/없~, 진정 안/못/되지, 진정이 안/되지,
        마음 안+놓이~/안+편하~/편하지/못+놓/불편하~/놓이지/진정/뒤숭숭하~/심란하~/싱숭생숭/산란/어수선/조급/급하~/안정,
        맘 안+놓이~/안+편하~/불편하~/못+놓/뒤숭숭/심란/싱숭생숭, 맘/마음/가심 졸이~, 졸이~ 지내~, 심란하~,
        심난하~, 뒤숭숭, 안정 안/못, 편히 못/쉬지, 마음 편할 날 없~, 편할 날이 없~, 발 동동, 서성,
        왔다 갔다 진정, 안심 안/못, 마음을 못 놓~, 맘을 못 놓~, 마음 편히, 긴장 안+풀리~, 긴장이 안+풀리~,
        맘이 급`,
      strength: 2,
      items: RESTLESS,
      unless: '마음 편히 쉬, 마음 편히 놀, 마음 편히 먹, 편히 쉬세요',
      example: '안절부절못하고 서성거려요.',
    },
    {
      say: `
        손/손발/몸/온몸/다리 떨리~/덜덜/후들/달달/벌벌, 식은땀, 진땀, 손 땀 나~, 벌벌, 덜덜, 후들후들, 입이 바짝,
        입술 바짝, 입 바짝바짝, 목 조여, 체하~ 것 긴장, 속 울렁 긴장, 머리카락 쭈뼛, 깜짝깜짝, 깜짝 깜짝,
        작은 소리에도, 화들짝, 놀라~ 자꾸, 자꾸 놀라~`,
      strength: 2,
      items: NERVOUS,
      unless: '추워, 추우, 감기, 운동, 매워, 파킨슨, 추위',
      example: '손발이 덜덜 떨려요.',
    },
    {
      say: `
        짜증, 신경질, 예민하~, 예민해지~, 날카로워지~, 신경 곤두서~/날카롭~/예민,
        화 자꾸/나~/치밀~/못+참~/벌컥/버럭, ^화를/화가 자꾸/못/나~/나서/버럭/치밀~, 욱하~, 성질 나~/부리~/내~,
        울화, 열 받~ 자꾸, 분 안+풀리~, 분이 안+풀리~, 부아`,
      strength: 1,
      items: IRRITABLE,
      unless: '손님이 화, 화분, 화가 아저씨, 예민한 피부, 피부',
      example: '별일 아닌데도 짜증이 나요.',
    },
    {
      say: `
        anxious, anxiety, worried, worry, worrying, nervous, panic, panicking, scared, afraid, terrified,
        on edge, restless, cant relax, cant calm down, heart .. pounding/racing, heart pounds, cant breathe,
        cant sit still, something bad/terrible/awful .. happen, dread, overthinking, irritable, shaking,
        short tempered, stressed, freaking out`,
      strength: 2,
      items: ['GAD-7:1', 'GAD-7:2'],
      unless: 'dont worry, no worries, not to worry, im afraid not, im afraid i, im afraid the',
      example: 'I am so anxious my heart keeps racing.',
    },
  ],
}
