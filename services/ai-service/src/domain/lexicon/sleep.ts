import type { CueLexicon } from './entry.ts'

const SLEEP = ['PHQ-9:3']

export const sleep: CueLexicon = {
  cue: 'sleep',
  entries: [
    {
      say: `
        ^잠 안+오~/안+와~/안+들~/안+자~/오지+않~/들지+않~/오지를/못+들~/안+온다/안, ^잠+못 자~/이루~/들~,
        ^잠을/잠도/잠은/잠이 못/몬 자~/이루~/들~/드~, ^잠을/잠도 이루지, ^잠을/잠도/잠 자지 못하~/못,
        ^잠들지 못하~/않~, 잠들기 힘들~/어렵~, ^잠+들기가 힘들~/어렵~, 잠들 수 없~, ^못+잤~, ^못+자~, ^못+주무~,
        ^통/영/도통 못+자~, 제대로 못+자~, 제대로 자지 못, 잠 청하~ 안/못, ^잠+한숨 못`,
      strength: 2,
      items: SLEEP,
      unless: '공부하느라, 야근, 게임하느라, 축구 보느라, 놀다, 커피를 마셔',
      example: '밤에 통 잠이 안 와요.',
    },
    {
      say: `
        한숨도 못, 한숨도 안, 한숨 못 자~, 한숨도 자지, 뜬눈, 밤새 못/뒤척, 밤새도록 못/뒤척,
        밤 꼴딱/꼬박/하얗게 새~/지새우~/샜~, 꼴딱 새~, 꼬박 새~, 날밤 새~/까~/샜~, 밤을/밤 지새우~/지새~,
        밤을 하얗게, 밤을 새우~`,
      strength: 2,
      items: SLEEP,
      unless: '공부하느라, 야근, 게임하느라, 축구, 놀다, 일하느라, 친구들이랑',
      example: '뜬눈으로 밤을 새웠어.',
    },
    {
      say: `
        불면, 수면장애, 수면+장애, 수면제, 수면유도제, 잠 오는 약, 잠자는 약, 잠약, 졸피뎀, 수면 부족,
        수면 부족하~, 수면 질`,
      strength: 2,
      items: SLEEP,
      example: '불면증 때문에 힘들어요.',
    },
    { say: '뒤척, 엎치락뒤치락, 뒤치락, 잠자리 뒤척', strength: 2, items: SLEEP, example: '새벽까지 뒤척였어요.' },
    {
      say: `
        자다 깨~, 자다가 .. 깨~/일어나~, 자다+깨다, ^자꾸 깨~, 밤중 깨~, 밤에 몇 번 깨~, 밤에 자꾸/여러/몇 깨~,
        몇 번씩 깨~, 몇 번이나 깨~, 시간마다 깨~,
        새벽 깨~/눈+뜨~/눈이/일어나~ .. 못/안/말똥/다시/뒤척/멀뚱, 새벽마다 깨~/눈, 새벽에 자꾸 깨~, ^중간에 깨~,
        일찍 깨~ 다시, 다시 못 자~, 다시 잠 못/안, 두+시면/세+시면/네+시면 눈/깨~, 잠귀 밝~`,
      strength: 2,
      items: SLEEP,
      unless: '화장실 소리, 아기가 울어',
      example: '자다가 자꾸 깨요.',
    },
    {
      say: `
        잠 설치~, 설쳐서, 선잠, 쪽잠, 토막잠, 잠 얕~, 깊이/깊은/푹 못+자~/못, 푹 잔/자본 적/지 없~/언제/오래,
        푹 자지, 숙면 못/안/어렵~/힘들~, 깊은 잠 못/안, 깊이 잠 못/안, 잠이 보약 못, 잠이 달아나~, 잠 달아나~,
        잠 다 깨~`,
      strength: 2,
      items: SLEEP,
      example: '간밤에 잠을 설쳤어.',
    },
    {
      say: `
        악몽, 가위 눌리~, 가위눌리~, 나쁜 꿈, 무서운 꿈, 꿈자리 사납~/뒤숭숭하~, ^꿈 뒤숭숭하~/사납~/많이+꾸~,
        잠꼬대 심하~`,
      strength: 2,
      items: SLEEP,
      example: '밤마다 악몽을 꿔요.',
    },
    {
      say: `
        말똥말똥, 말똥하~, 눈 말똥, 정신/눈 또렷하~ .. 잠/누우/누워/밤,
        누우면/누워도/눕기만/누워/눕기 .. 말똥/또렷하~/잡생각/천장/잠/오만, 천장만 보~/쳐다보~/멀뚱, 양을 세~,
        양 세~, 새벽까지 깨어/눈/못/안, 밤이 무섭~/길~/두렵~, 밤 너무 길~, 해 뜨는 거 보~`,
      strength: 2,
      items: SLEEP,
      example: '누우면 눈이 말똥말똥해져.',
    },
    {
      say: `
        잠만 자~/쏟아지~/오~/와~, 하루+종일 자~, 종일 잠, 자도 자도, 아무리 자도, 많이 자도, 잠 너무 많~,
        잠이 늘~, 졸리기만, 계속 졸리~, 낮에 졸리~/꾸벅, 낮 자꾸 졸~, 낮밤 바뀌~, 밤낮 바뀌~, 잠에 취하~,
        열두 시간 자~`,
      strength: 2,
      items: SLEEP,
      unless: '강아지, 고양이, 아기, 신생아',
      example: '자도 자도 졸려요.',
    },
    {
      say: `
        insomnia, cant/couldnt/cannot .. sleep, didnt/dont/havent .. sleep/slept, trouble sleeping,
        hard to/to+fall sleep, barely/hardly/never/not sleep~/slept, wake/woke/waking up .. night/am,
        keep waking, nightmares, nightmare, sleeping pills, sleepless, tossing and turning, sleep all day,
        sleeping all day, sleeping too much, awake all night, up all night, trouble falling asleep,
        cant fall asleep, sleep badly, poor sleep, slept badly`,
      strength: 2,
      items: SLEEP,
      example: "I can't sleep and keep waking up.",
    },
  ],
}
