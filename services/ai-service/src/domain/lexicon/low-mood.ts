import type { CueLexicon } from './entry.ts'

const MOOD = ['PHQ-9:2']
const EMPTY = ['PHQ-9:2', 'GDS-SF:3']
const HOPELESS = ['PHQ-9:2', 'GDS-SF:14']
/** Tears of joy, of a film, of onions. */
const OTHER_TEARS = '고마, 감사, 감동, 기뻐, 기쁘, 행복, 반가, 웃, 하품, 양파, 매워, 매운, 영화, 드라마, 눈병, 안약'

export const lowMood: CueLexicon = {
  cue: 'low_mood',
  entries: [
    {
      say: '우울, 울적, 침울, 울쩍',
      strength: 2,
      items: MOOD,
      unless: '우울할 틈, 우울할 새, 우울한 노래, 우울한 영화, 우울한 음악',
      example: '요즘 통 울적해요.',
    },
    {
      say: '슬프~, 슬픔, 서글프~, 서글픔, 구슬프~, 처량하~, 비참하~',
      strength: 2,
      items: MOOD,
      unless: '영화, 드라마, 소설, 노래가, 장면',
      example: '괜히 서글퍼.',
    },
    { say: '서럽~, 설움, 서러움, 한스럽~', strength: 2, items: MOOD, example: '늙으니 서러워.' },
    {
      say: '괴롭~, 고통스럽~, 견디기/버티기 힘들~/어렵~, 못 견디~/버티~, 견딜/버틸 수 없~',
      strength: 2,
      items: MOOD,
      unless: '더위, 추위, 무더위, 소음, 가려워',
      example: '하루를 버티기가 힘들어요.',
    },
    {
      say: '눈물 나~/난~/흐르~/쏟아지~/고이~/핑/맺히~/멈추~/마르~/글썽/바람, 눈물만, 눈물로, 눈물+짓~',
      strength: 2,
      items: MOOD,
      unless: OTHER_TEARS,
      example: '자꾸 눈물이 흘러요.',
    },
    {
      say: `
        ^울었, ^울고+있~/울고+싶~/울고+지내~/울고+또, ^울기만, ^울다가, ^울컥, ^펑펑, 흐느끼~, 통곡하~,
        ^울음 나~/터지~/안/못, 눈이 붓~ 울`,
      strength: 2,
      items: MOOD,
      unless: OTHER_TEARS,
      example: '밤마다 울다가 잠들어요.',
    },
    {
      say: `
        기분/마음 가라앉~/처지~/바닥/꿀꿀하~/다운/엉망/축+처/축+늘/축+가라/별로/안+좋~/좋지+않~/좋지+못하~/저조하~/우중충하~,
        기분+나쁘~ 종일`,
      strength: 2,
      items: MOOD,
      example: '기분이 자꾸 가라앉아.',
    },
    {
      say: '마음/가슴/맘 무겁~/아프~/공허하~/허하~/허전하~/텅/답답하~/쓰리~/찢어지~/미어지~/먹먹하~/시리~/뚫리~/뻥/휑하~/착잡하~/어둡~/메마르~/멍들~/천근/돌덩이/무너지~',
      strength: 2,
      items: EMPTY,
      unless: '사이다, 시원, 고속도로, 터널',
      example: '마음이 늘 무거워요.',
    },
    {
      say: '허무하~, 허망하~, 공허하~, 허탈하~, 부질없~, 덧없~, 허전하~, 인생무상, 무상하~, 헛살~',
      strength: 2,
      items: EMPTY,
      example: '다 부질없다 싶어.',
    },
    {
      say: `
        사는 게/것이/것도/거이 고달프~/고되~/지옥/고역/힘들~/지겹~/팍팍하~/버겁~/재미없~/의미/무의미하~/고통/아니~/뭔지/낙,
        살기 힘들~/팍팍하~/버겁~, 살아가기 힘들~/버겁~, 사는 재미/낙/맛 없~/모르~`,
      strength: 2,
      items: EMPTY,
      example: '사는 게 고달파요.',
    },
    {
      say: '살맛 없~/안/나지/잃~, 사는+맛 없~/안, ^낙 없~, ^낙+이라곤, 무슨 낙 살~/사~',
      strength: 2,
      items: ['PHQ-9:2', 'GDS-SF:11'],
      example: '무슨 낙으로 사나 몰라.',
    },
    {
      say: '하루하루/매일/하루가/나날이 지옥/버티~/고통/견디~/괴롭~/힘겹~',
      strength: 2,
      items: MOOD,
      example: '하루하루 버티는 거지 뭐.',
    },
    {
      say: `
        희망 없~/안+보이~/보이지+않~/잃~/사라지~/안+생기~, 절망, 앞날 깜깜하~/캄캄하~/어둡~/막막하~/안+보이~,
        앞 캄캄하~/깜깜하~, 막막하~, 암담하~, ^답 없~/안+보이~, 미래 없~/안+보이~/보이지,
        나아질/좋아질 것/거/기미/리/희망/가망 .. 않~/없~/안, 가망 없~, 기대할 게/것 없~, 다 틀렸~/글렀~`,
      strength: 2,
      items: HOPELESS,
      unless: '손전등, 전등, 정전, 골목, 밤길, 불 켜, 퀴즈, 문제가, 정답',
      example: '앞날이 막막해요.',
    },
    {
      say: `
        웃음 안+나~/사라지~/잃~/없~/나오지, 웃을 일 없~, 웃어본/웃은 지/적 오래/언제/없~, 웃는 법 잊~/까먹~,
        웃어지지`,
      strength: 2,
      items: MOOD,
      example: '웃을 일이 하나도 없어.',
    },
    {
      say: '한숨만, 한숨+밖에, 한숨 절로/나오~/푹푹/쉬~, 땅+꺼지~',
      strength: 1,
      items: MOOD,
      example: '한숨만 나오네.',
    },
    { say: '울고+싶~, 울고만+싶~, 엉엉', strength: 2, items: MOOD, unless: OTHER_TEARS, example: '그냥 울고 싶어요.' },
    {
      say: '불행하~, 행복하지+않~, 안+행복하~, 행복 모르겠/없~',
      strength: 2,
      items: ['PHQ-9:2', 'GDS-SF:7'],
      example: '저는 불행한 것 같아요.',
    },
    {
      say: `
        자포자기, 체념하~, 될 대로 되~, 다 포기하~, 모든 걸/것을/게 포기하~/싫~/무의미하~,
        의미 없~/못+느끼~/모르겠, 무의미하~`,
      strength: 2,
      items: HOPELESS,
      unless: '회의, 시험, 경기, 다이어트',
      example: '그냥 다 포기했어요.',
    },
    {
      say: '마음 붙이~ 데/곳 없~, 마음 둘 데/곳 없~, 마음 잡~ 못/없~/안, 마음 안+잡히~',
      strength: 2,
      items: MOOD,
      example: '마음 둘 데가 없어.',
    },
    {
      say: '속/가슴 문드러지~/썩어~/썩~/터질+것, 억장 무너지~, 복장 터지~, 화병, 홧병, 울화 치밀~/병/통',
      strength: 2,
      items: MOOD,
      unless: '사과, 감자, 배추',
      example: '속이 다 문드러졌어요.',
    },
    { say: '우울증, 조울증, 갱년기 우울', strength: 2, items: MOOD, example: '나 우울증인 것 같아.' },
    {
      say: '신세 처량/한탄/가련/서럽~, 팔자 사납~/기구하~/탓, 인생 끝나~/망하~/실패/비참, 내 인생 왜',
      strength: 2,
      items: HOPELESS,
      example: '내 팔자가 왜 이리 기구한지.',
    },
    {
      say: '기분 좋~ 적/날 없~, 즐겁~ 일 없~, 기쁘~ 일 없~, 좋은 일 하나도 없~',
      strength: 2,
      items: ['PHQ-9:2', 'GDS-SF:5'],
      example: '즐거운 일이 하나도 없네요.',
    },
    {
      say: '너무 힘들~, 정말 힘들~, 요즘 힘들~, ^마음 힘들~, 지치고 힘들~, 힘들고 지치~, 사는/살기 힘겹~',
      strength: 1,
      items: MOOD,
      unless: '걷기, 운동, 등산, 계단, 문제, 시험, 무릎, 허리, 숙제',
      example: '요즘 너무 힘들어요.',
    },
    {
      say: `
        depressed, depression, feel/feeling/felt .. down/sad/blue/empty/low/hopeless/miserable/numb,
        so/really/very/always sad, hopeless, miserable, heartbroken, cry~ all/every/myself, keep crying,
        cant stop crying, crying .. sleep, no hope, nothing to look forward, no future,
        life is/feels/has .. meaningless/empty/pointless/hell`,
      strength: 2,
      items: MOOD,
      example: "I feel really down and can't stop crying.",
    },
    {
      say: `
        기쁘지+않~, 기쁘지가+않~, 안+기쁘~, 기쁨 없~/모르~/못, 웃어본 지/적/게 .. 언제/오래/까마득/없~, 웃어+본+지, 웃음기 없~/사라지~, 속상하~, 속상해~, 상심하~, 낙심하~, 낙담하~, 의기소침,
        베개 젖~/적시~/눈물, ^밤마다 울~/우~/울어, 눈물샘, 눈물바람, 눈시울, 목이 메~, 목메~, 울먹, 훌쩍거리~, 소리 내 울~,
        기분 안+나~/안+난다/좋아지질, 기분이 영/통/꽝, 잿빛, 회색빛, 먹구름 낀, 캄캄한 터널, 어두운 터널, 터널 속, 어둠 속/속에 갇히~/있~/헤매~, 수렁, 늪에/늪 빠지~/속, 구렁텅이, 나락, 바닥까지 떨어지~,
        힘에 겹~ 사/살, 사는+게 힘~/지치~, 살기가 힘~/지치~, 세상살이 힘~/고달프~/팍팍하~, 인생 쓸데없~/부질없~/허망하~/무상/쓰~/덧없~/고달프~, 내 인생 이/왜/참, 이 모양 이 꼴, 이+모양+이+꼴, 팔자려니, 사는 재미가/낙이 없~,
        가슴 멍들~/멍울/응어리/맺히~/한 맺히~/에이~/저미~/시큰거리~/허하~, 한이 맺히~, 응어리, 마음 다치~/상하~/병들~/지옥/얼어붙~/닫히~/춥~, 만사 허무/부질없~/덧없~, 세상이 싫~, 세상 다 싫~, 사람이 싫~/무섭~ 다, 정 떨어지~ 세상, 넋두리, 서운하~ 눈물/맘, 섭섭하~ 눈물, 원통하~, 애통하~, 비통하~, 비관하~, 비관적, 염세`,
      strength: 2,
      items: MOOD,
      unless: '축하, 드라마, 영화, 소설, 감동, 날씨가, 하늘이, 구름이 껴, 옷이',
      aboutOthers: true,
      example: '베개가 젖도록 울었어요.',
    },
  ],
}
