/** The demo world: ten people, Korean and English, their friendships, rooms and some history. */

/** Nobody gets mails there. */
export const DEMO_DOMAIN = 'demo.local'
export const DEMO_PASSWORD = 'Demo1234!'

export type Person = { username: string; display_name: string; status_message: string; age?: number }

export const people: readonly Person[] = [
  { username: 'minsu', display_name: '김민수', status_message: '오늘도 화이팅 💪', age: 29 },
  { username: 'jiwoo', display_name: '이지우', status_message: '커피 한 잔의 여유 ☕', age: 27 },
  { username: 'seoyeon', display_name: '박서연', status_message: '제주도 가고 싶다', age: 31 },
  { username: 'haneul', display_name: '최하늘', status_message: '', age: 24 },
  { username: 'dohyun', display_name: '정도현', status_message: '집중 중. 급하면 전화 주세요', age: 35 },
  { username: 'yuna', display_name: '강유나', status_message: '🎧', age: 22 },
  { username: 'emma', display_name: 'Emma Wilson', status_message: 'Learning Korean, slowly', age: 33 },
  { username: 'james', display_name: 'James Park', status_message: 'Seoul ↔ San Francisco', age: 38 },
  { username: 'halmoni', display_name: '할머니', status_message: '우리 손주들 사랑해', age: 78 },
  { username: 'sophie', display_name: 'Sophie Martin', status_message: '', age: 26 },
]

/** What one signs in to it with. */
export const demoAccounts = people.map(({ username, display_name }) => ({
  username,
  display_name,
  password: DEMO_PASSWORD,
}))

/** Index pairs: first asks, second accepts. Minsu (0), the account of the README, knows nearly everybody. */
export const friendships: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 2],
  [3, 0],
  [0, 4],
  [0, 6],
  [7, 0],
  [8, 0],
  [1, 2],
  [1, 6],
  [2, 8],
  [4, 7],
  [5, 1],
  [6, 7],
  [6, 9],
]

/** Requests still open: from → to. */
export const openRequests: readonly (readonly [number, number])[] = [
  [5, 0],
  [0, 9],
]

export type Line = {
  by: number
  text: string
  /** index of the line answered */
  answers?: number
  reactions?: readonly (readonly [number, string])[]
  pinned?: true
}

export type DemoRoom = {
  name?: string
  members: readonly number[]
  lines: readonly Line[]
  /** people who have read everything */ readBy: readonly number[]
}

export const rooms: readonly DemoRoom[] = [
  {
    name: '점심 뭐 먹지 🍜',
    members: [0, 1, 2, 4],
    readBy: [0, 1],
    lines: [
      { by: 1, text: '오늘 점심 뭐 먹을까요?' },
      { by: 0, text: '김치찌개 어때요? 비도 오는데' },
      {
        by: 2,
        text: '좋아요! 회사 앞에 새로 생긴 집 괜찮대요',
        reactions: [
          [0, '👍'],
          [1, '👍'],
        ],
      },
      { by: 4, text: '저는 12시 반까지 회의라 조금 늦어요' },
      {
        by: 1,
        text: '그럼 12시 40분에 로비에서 만나요',
        answers: 3,
        reactions: [
          [0, '👌'],
          [2, '👌'],
          [4, '🙏'],
        ],
        pinned: true,
      },
      { by: 2, text: '네~ 자리 먼저 잡아 둘게요 😊' },
    ],
  },
  {
    name: '한국어 스터디 / Korean study',
    members: [6, 0, 1, 7, 9],
    readBy: [6, 7],
    lines: [
      { by: 6, text: "What's the difference between 안녕하세요 and 안녕?" },
      {
        by: 0,
        text: '안녕하세요 is polite; 안녕 is for friends. 저한테는 안녕이라고 해도 돼요!',
        answers: 0,
        reactions: [
          [6, '❤️'],
          [9, '💡'],
        ],
      },
      { by: 6, text: '안녕 민수! 고마워 😄' },
      { by: 9, text: 'Can we practise on Thursday evening?' },
      {
        by: 7,
        text: 'Works for me. 목요일 저녁 8시?',
        answers: 3,
        reactions: [
          [9, '👍'],
          [6, '👍'],
        ],
      },
      { by: 1, text: '저도 갈게요. 이번 주 주제는 날씨예요 ☔' },
    ],
  },
  {
    name: '우리 가족',
    members: [8, 0, 2],
    readBy: [8, 2],
    lines: [
      { by: 8, text: '민수야 밥은 먹었니?' },
      { by: 0, text: '네 할머니 먹었어요! 할머니는요?', answers: 0 },
      {
        by: 8,
        text: '나는 된장찌개 끓여 먹었다. 주말에 오면 해 줄게',
        reactions: [
          [0, '😍'],
          [2, '❤️'],
        ],
      },
      { by: 2, text: '저도 갈래요 할머니!' },
    ],
  },
  {
    members: [0, 1],
    readBy: [1],
    lines: [
      { by: 0, text: '지우야 어제 보낸 자료 확인했어?' },
      { by: 1, text: '응 봤어! 3쪽 숫자만 다시 확인해 줘' },
      { by: 0, text: '오케이 바로 고칠게', reactions: [[1, '👍']] },
      { by: 1, text: '고마워 🙇 내일 회의 때 같이 보자' },
    ],
  },
  {
    members: [6, 0],
    readBy: [0, 6],
    lines: [
      { by: 6, text: 'Hi Minsu! Are you free this weekend?' },
      { by: 0, text: 'Saturday afternoon works. 한강에서 자전거 탈래요?' },
      { by: 6, text: 'Yes! 좋아요 🚲', reactions: [[0, '🎉']] },
    ],
  },
  {
    members: [7, 4],
    readBy: [7, 4],
    lines: [
      { by: 7, text: 'The release went out at 02:00 KST, no incidents.' },
      { by: 4, text: '수고하셨습니다. 모니터링 지표도 정상이네요.' },
    ],
  },
]
