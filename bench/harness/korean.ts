/** Two-syllable words of chats, the most frequent first. */
const STEMS = (
  '오늘 지금 진짜 내일 우리 그냥 시간 정도 회의 이번 아침 저녁 점심 사람 친구 주말 커피 어제 생각 회사 ' +
  '일정 확인 자료 준비 출발 도착 연락 전화 메일 파일 사진 영상 링크 주소 예약 취소 변경 공유 발표 보고 ' +
  '계획 진행 완료 시작 마감 휴가 출근 퇴근 야근 외근 지하 버스 택시 기차 공항 여행 숙소 호텔 바다 산책 ' +
  '운동 축구 야구 농구 수영 등산 영화 음악 노래 공연 전시 연극 게임 만화 소설 학교 수업 시험 과제 교수 ' +
  '학생 선생 부모 엄마 아빠 동생 누나 언니 오빠 형님 가족 아기 생일 선물 파티 결혼 축하 감사 미안 사랑 ' +
  '행복 기분 걱정 고민 문제 이유 방법 결과 결정 의견 질문 대답 설명 이해 기억 약속 장소 근처 건물 입구 ' +
  '정문 후문 주차 식당 메뉴 김밥 라면 치킨 피자 고기 찌개 국수 빵집 과일 딸기 사과 수박 포도 맥주 소주 ' +
  '와인 녹차 우유 물병 가방 지갑 우산 안경 시계 신발 옷장 세탁 청소 요리 재활 분리 배달 택배 주문 결제 ' +
  '카드 현금 은행 계좌 송금 월급 보험 세금 전세 월세 이사 계약 매매 병원 약국 감기 두통 기침 검사 수술 ' +
  '날씨 기온 장마 태풍 눈길 바람 구름 햇빛 황사 먼지 봄날 여름 가을 겨울 새벽 오전 오후 자정 매일 매주'
).split(' ')
const PARTICLES = ['', '', '', '은', '는', '이', '가', '을', '를', '에', '에서', '까지', '부터', '도', '만', '이랑']
const ENDINGS = ['요', '네요', '할게요', '했어요', '하자', '인가?', '입니다', ' ㅋㅋㅋ', '...', '!', ' ok', '할까요?']
const FIRST_SYLLABLE = 0xac00
const SYLLABLES = 11_172

/** Words whose share of the messages is known, for searches; no other text holds the last two. */
export const FREQUENT = STEMS[0]!
export const MEDIUM = STEMS.at(-1)!
/** In one of 10,000 messages. */
export const RARE = '홍학'
const RARE_EVERY = 10_000
export const ABSENT = '뷁쀍'

/** Numbers in [0, 1) that a seed determines (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Steps of the table by which words are drawn. */
const DRAWS = 65_536

/** Word i of the list as often as 1 / i^0.7, about as in a corpus of chats. */
function drawTable(): Uint8Array {
  const weights = STEMS.map((_, i) => (i + 1) ** -0.7)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const table = new Uint8Array(DRAWS).fill(STEMS.length - 1)
  let at = 0
  for (const [i, weight] of weights.entries()) {
    const until = Math.min(DRAWS, at + Math.round((weight / total) * DRAWS))
    table.fill(i, at, until)
    at = until
  }
  return table
}

/**
 * Chat messages of 3 to 9 words, determined by the seed: frequent and less frequent words with particles, and in a fifth of them a
 * word of arbitrary syllables, so that the index has the long tail that names and slang give it.
 */
export function createTexts(seed: number): () => string {
  const random = createRandom(seed)
  const table = drawTable()
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!
  const syllable = () => String.fromCharCode(FIRST_SYLLABLE + Math.floor(random() * SYLLABLES))
  let count = 0
  return () => {
    let text = ''
    for (let left = 2 + Math.floor(random() * 7); left > 0; left--)
      text += `${STEMS[table[Math.floor(random() * DRAWS)]!]!}${pick(PARTICLES)} `
    if (random() < 0.2) text += `${syllable()}${syllable()}${syllable()} `
    if (++count % RARE_EVERY === 0) text += `${RARE} `
    return `${text}${STEMS[table[Math.floor(random() * DRAWS)]!]!}${pick(ENDINGS)}`
  }
}
