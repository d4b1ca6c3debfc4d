import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findings } from './findings.ts'

/** Sentences of somebody who tried the rules without having written them, and found where they failed. */

const raised = (text: string): boolean => ['concern', 'immediate'].includes(findings(text).safety)

test('a word of daily life beside it hides no plain word of a crisis', () => {
  for (const text of [
    '오늘 밤 죽을 거야, 핸드폰은 꺼 둘게',
    '고추밭에서 죽을 거야',
    '농사 빚에 이제 다 끝내려고 해요',
    '다 끝내려고 해 농사도 빚도',
    '논문 접고 생을 마감하려 합니다',
    '부엌에서 칼로 손목을 그었어',
    '운동하다 자해했어',
    '졸업 앨범에 유서를 끼워 놨어요',
  ])
    assert.equal(findings(text).safety, 'immediate', text)
  for (const text of [
    '농사 빚에 살고 싶지 않다',
    '근무지 괴롭힘에 살고 싶지 않다',
    '야근에 치여 살고 싶지 않아',
    '수업 시간에도 살 이유가 없다는 생각만 나',
    '이사 간 뒤 살 이유가 없어요',
    '겨울이 되니 살고 싶지 않구나',
    '추위에 떨며 사느니 살고 싶지 않아',
    '비가 오네 살기 싫다 정말',
    '연휴에 혼자 있으니 살 이유가 없어',
    '코로나 뒤로는 살고 싶지가 않아',
    '살기 싫어 오늘 일 나가는 것도',
    '재판이 길어지니 다 끝내고 싶다',
    '창피해서 죽고 싶다는 생각이 자꾸 들어요',
    '너무 바빠서 죽고 싶다는 생각이 매일 들어요',
    '천국 가고 싶다 캠핑도 못 가 보고',
    '안락사 받을 수 있는 곳 알아봐',
  ])
    assert.ok(raised(text), `${text}: ${findings(text).safety}`)
})

test('a comma ends what may take an ambiguous word back', () => {
  assert.ok(!raised('번개탄 사서 캠핑 가자'))
  assert.ok(raised('번개탄 샀어, 캠핑은 이제 못 가겠지'))
  assert.ok(!raised('숙제 다 끝내고 싶다'))
  assert.ok(raised('이제 끝내고 싶어, 숙제도 회의도 다 싫고'))
})

test('what is said in leaving, tidying or getting ready for a day raises no alarm by itself', () => {
  for (const text of [
    '제 할 일은 다 했습니다 감사했습니다',
    '제 몫은 여기까지입니다 감사했습니다 팀장님',
    '저 먼저 갈게요 죄송해요 아이가 아파서요',
    '얘들아 안녕 선생님은 이제 간다 행복해라',
    '키워 주셔서 감사했어요 이제 시집갑니다',
    '나를 잊고 잘 살아라 전 남자친구가 그랬어',
    '어머니 수의 맞췄어',
    '납골당 마련한 지 오래됐어',
    '비밀번호 적어 놨어 이제 필요 없지',
    '물건들 다 줬어 이제 쓸 일 없어서',
    '통장 어디 있어 마지막으로 본 게 어제인데',
    '지금 가도 괜찮아요',
    '언제든 가도 좋아 문 열려 있어',
    '갈 준비 다 됐어 이제 출발하자',
    '올해를 못 넘기고 폐업했대 그 가게',
    '얼른 갔으면 좋겠다 여름이',
    '아침에 눈 뜨면 살아 있는 게 감사해',
    '꿈에 할머니가 나와서 밥 먹으러 오라고 하셨어',
    '시어머니 영정사진 어디 두셨어요',
    '칼을 사 뒀어 김장하려고',
    '내가 가고 나면 문 잠가라',
  ])
    assert.ok(!raised(text), `${text}: ${findings(text).safety}`)
})
