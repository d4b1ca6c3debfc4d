import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { evaluate, parseLabelled } from './evaluation.ts'
import { findings } from './findings.ts'
import { CRISIS_LEXICONS, CUE_LEXICONS } from './lexicon/index.ts'
import type { SafetyLevel } from './types.ts'

const cuesOf = (text: string): string[] => [...new Set(findings(text).evidence.map(({ cue }) => cue))].sort()

test('each entry of the lexicons is found in its example', () => {
  for (const { cue, entries } of CUE_LEXICONS)
    for (const { example } of entries) assert.ok(cuesOf(example).includes(cue), `${cue}: ${example}`)
  for (const { level, entries } of CRISIS_LEXICONS)
    for (const { example } of entries) assert.equal(findings(example).safety, level, example)
})

test('examples of cues raise no alarm', () => {
  for (const { entries } of CUE_LEXICONS)
    for (const { example } of entries) assert.equal(findings(example).safety, 'none', example)
})

test('the same words in other spellings are found all the same', () => {
  const forms: (readonly [string, readonly string[]])[] = [
    [
      'crisis',
      [
        '죽고 싶어',
        '죽고싶어',
        '죽고 싶 어',
        '죽고십다',
        '죽고 시퍼',
        '죽.고.싶.다',
        '죽고~싶다',
        'ㅈㅜㄱㄱㅗ ㅅㅣㅍㄷㅏ',
      ],
    ],
    [
      'crisis',
      [
        '죽고 싶어요'.normalize('NFD'),
        '죽\u200b고 싶어',
        '저 그냥 죽고싶어요요',
        'Ｉ ｗａｎｔ ｔｏ ｄｉｅ',
        'I WANT TO DIE',
      ],
    ],
    ['sleep', ['잠이 안 와요', '잠이안와요', '잠 안 오네', '잠이 통 안 와', '잠을 몬 자겄어', '잠이 안오더라구요']],
    ['lonely', ['외로워', '외롭습니다', '외로운 게', '외롭구먼', '외로웠어요']],
    ['low_mood', ['우울해', '우울하다', '우울혀', '우울허네', '우울합니다', '우울했어요']],
    ['appetite', ['입맛이 없어', '입맛이 업서', '입맛 업써요', '입맛이없네']],
    ['memory', ['깜빡깜빡해요', '깜박깜박하네', '자꾸 까묵어']],
  ]
  for (const [cue, texts] of forms) for (const text of texts) assert.ok(cuesOf(text).includes(cue), `${cue}: ${text}`)
})

test('half-width Hangul is read too', () => {
  assert.deepEqual(cuesOf('\uffb8\uffc2\uffb1 안 와'), ['sleep'])
  assert.deepEqual(findings('\uffb8\uffc2\uffb1 안 와').evidence[0]?.phrase, '\uffb8\uffc2\uffb1 안 와')
})

test('sentences that look alike and differ', () => {
  const pairs: (readonly [found: string, cue: string, not: string])[] = [
    ['요즘 우울해요', 'low_mood', '요즘 우울하지 않아요'],
    ['무릎이 아파', 'pain', '무릎이 안 아파'],
    ['입맛이 없어', 'appetite', '입맛이 없지는 않아'],
    ['안 쑤시는 데가 없어', 'pain', '쑤시는 데가 없어'],
    ['걱정이 많아', 'anxiety', '걱정 마'],
    ['외로워요', 'lonely', '외로운 줄 몰라요'],
    ['나는 우울증이래, 의사가 그러더라', 'low_mood', '옆집 할머니가 우울증이래'],
    ['요즘 불안해', 'anxiety', '친구가 요즘 불안하대'],
    ['드라마를 봐도 나는 우울해', 'low_mood', '드라마에서 주인공이 우울해해'],
    ['아들이 안 와서 쓸쓸해', 'lonely', '아들이 쓸쓸하대'],
    ['남편이 코를 골아서 잠을 못 자', 'sleep', '남편이 잠을 못 자'],
    ['예전에도 우울했는데 요즘 또 우울해', 'low_mood', '예전에는 우울했는데 지금은 괜찮아'],
    ['작년부터 허리가 아파', 'pain', '작년에 허리가 아팠는데 지금은 괜찮아'],
    ['어젯밤에 잠을 못 잤어', 'sleep', '지난달에는 잠을 못 잤는데 이제는 잘 자'],
    ['머리가 아파요', 'pain', '머리가 아프세요?'],
    ['불안하면 손이 떨려', 'anxiety', '불안하면 전화해'],
    ['자꾸 눈물이 나', 'low_mood', '웃다가 눈물이 나'],
    ['나는 힘들어도 외로워', 'lonely', '할머니가 외로워하셔'],
    ['기운이 없어', 'fatigue', '이야기 운동 없어'],
    ['I feel depressed', 'low_mood', 'I am not depressed'],
    ['I cannot sleep', 'sleep', 'My friend cannot sleep'],
  ]
  for (const [found, cue, not] of pairs) {
    assert.ok(cuesOf(found).includes(cue), `${cue} in: ${found}`)
    assert.ok(!cuesOf(not).includes(cue), `no ${cue} in: ${not}`)
  }
})

test('how near a crisis a sentence is', () => {
  const levels: Record<SafetyLevel, readonly string[]> = {
    immediate: [
      '약을 모아 놨어요',
      '유서를 썼어요',
      '오늘 밤에 목을 매려고',
      '엄마 먼저 갈게, 미안해',
      '농약 마시고 죽으련다',
      '칼로 손목을 그었어',
      'I will kill myself',
    ],
    concern: [
      '죽고 싶어요',
      '자는 듯이 갔으면 좋겠다',
      '아침에 눈 안 떴으면 좋겠다',
      '사라지고 싶다',
      '이제 갈 때가 됐지',
      '빨리 데려가면 좋겠다',
      '살고 싶지 않아',
      '죽고 싶진 않은데 사라지고 싶어',
      '예전에도 그랬지만 요즘 또 죽고 싶어',
      'I want to die',
    ],
    past: [
      '젊었을 때는 죽고 싶었지',
      '예전에 자살 시도를 했지만 지금은 괜찮아요',
      'I used to want to die but I am fine now',
    ],
    mention: [
      '뉴스에서 자살률이 높다더라',
      '자살 예방 교육을 들었어',
      '영화에서 주인공이 죽고 싶다고 했어',
      '친구가 죽고 싶대',
    ],
    none: [
      '배고파 죽겠네',
      '웃겨 죽는 줄 알았어',
      '더워 죽겠다',
      '죽고 싶은 생각은 전혀 없어요',
      '죽고 싶지 않아요',
      '점심에 죽 먹고 싶어',
      '고추밭에 농약 쳤어',
      '나 먼저 갈게, 내일 봐',
      '장례식에 다녀왔어',
      '배터리가 죽었어',
      '이 드라마 끝내준다',
    ],
  }
  for (const [level, texts] of Object.entries(levels))
    for (const text of texts) assert.equal(findings(text).safety, level, text)
})

test('what cannot be shaken off is no denial', () => {
  for (const text of [
    '죽고 싶다는 생각을 떨칠 수 없어요',
    '죽고 싶다는 생각밖에 없어',
    '죽고 싶다는 생각이 없어지지 않아요',
  ])
    assert.equal(findings(text).safety, 'concern', text)
})

test('strength follows the words beside it', () => {
  const strengthOf = (text: string) => findings(text).evidence[0]?.strength
  assert.deepEqual(['조금 우울해', '우울해', '매일 우울해'].map(strengthOf), [1, 2, 3])
})

test('phrases stand where the offsets say, in any text', () => {
  const words = fc.constantFrom(
    '우울해',
    '죽고 싶',
    ' ',
    '.',
    '\n',
    '\u1100\u1161',
    'ㅠㅠ',
    '😀',
    'é',
    '잠이 안 와',
    '안',
    '않아요',
    'want to die',
    '?',
    'ﾡ',
    '\u200b',
    '나',
    '친구가 ',
    '외로워'.normalize('NFD'),
  )
  const texts = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      let before = 0
      for (const { phrase, start, end } of findings(text).evidence) {
        assert.ok(start < end && end <= text.length && start >= before)
        assert.equal(text.slice(start, end), phrase)
        before = start
      }
      assert.deepEqual(findings(text), findings(text))
    }),
    { numRuns: 500 },
  )
})

test('what was found stays found when other sentences stand around it', () => {
  const sentences = CRISIS_LEXICONS.filter(({ level }) => level !== 'mention').flatMap(({ entries }) => entries)
  const around = fc.constantFrom('오늘 날씨가 좋네요.', '밥은 먹었어?', '내일 병원에 가요.', '비가 온다.')
  fc.assert(
    fc.property(fc.constantFrom(...sentences), around, around, ({ example }, before, after) => {
      assert.ok(['concern', 'immediate'].includes(findings(`${before} ${example}\n${after}`).safety))
    }),
  )
})

test('a crisis is not taken back by what another clause says', () => {
  for (const text of [
    '열심히 살았는데 나 오늘 죽어 버릴 거야',
    '고양이한테 미안하지만 그냥 뛰어내리려고요',
    '배고파 죽겠고 정말 죽고 싶다',
    'I have no friends and I want to die',
    'no one cares i want to die',
    'i am not okay i want to die',
    'without her i want to die',
  ])
    assert.ok(['concern', 'immediate'].includes(findings(text).safety), text)
  for (const text of ['게임에서 죽어 버릴 거야', '배고파 죽겠네', 'I do not want to die', 'i dont really want to die'])
    assert.equal(findings(text).safety, 'none', text)
})

test('a line that ends within a sentence hides nothing', () => {
  for (const text of ['죽고\n싶어', '그냥 죽고\r\n싶어요', '유서를\n써 놨어요', '농약을\n마시려고'])
    assert.ok(['concern', 'immediate'].includes(findings(text).safety), text)
  assert.deepEqual(cuesOf('잠이\n안 와요'), ['sleep'])
  assert.equal(findings('오늘 점심에 죽\n먹고 싶어').safety, 'none')
  assert.equal(findings('밥 먹고 죽\n\n\n\n싶어').safety, 'none', 'so far apart they are two')
})

test('what one wants to do is no hearsay, and what would be a lie is so', () => {
  for (const text of ['자살할래', '나 손목 그을래', '책상에 유서를 써 놨어요'])
    assert.equal(findings(text).safety, 'immediate', text)
  assert.equal(findings('죽고 싶은 생각이 없다면 거짓말이지').safety, 'concern')
  assert.deepEqual(cuesOf('우울하지 않다면 거짓말이야'), ['low_mood'])
  assert.equal(findings('걔가 죽고 싶대').safety, 'mention')
  assert.equal(findings('친구가 자살할 거래').safety, 'mention')
  for (const text of ['무릎은 이제 안 아파', '이제 허리 안 아파요']) assert.deepEqual(cuesOf(text), [], text)
})

test('a text made to be slow takes no longer than its length allows', () => {
  findings('잠')
  const pieces = [
    '죽고싶',
    '잠 ',
    '사는 게 ',
    '더 살 ',
    '나 없으면 저 제가 ',
    '살아',
    '예전엔 죽고 싶었는데 ',
    '우울하지 않은 날이 ',
    'i want ',
    'ㅠ',
    '\u1107',
    '안 못 ',
    '친구가 ',
  ]
  const slow = fc.oneof(
    fc.constantFrom(...pieces),
    fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((p) => p.join('')),
  )
  /** No benchmark (docs/care-evaluation.md has the figures): what is quadratic takes minutes. CPU time: what else runs on the machine is no part of it. */
  const LIMIT_MS = 5_000
  fc.assert(
    fc.property(slow, (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length)).slice(0, 100_000)
      const before = process.cpuUsage()
      findings(text)
      const { user, system } = process.cpuUsage(before)
      assert.ok((user + system) / 1000 < LIMIT_MS, `${piece}: ${(user + system) / 1000} ms`)
    }),
    { numRuns: 40 },
  )
})

test('more of a kind than is weighed still raises a crisis', () => {
  const denied = '죽고 싶지 않아요. '.repeat(200)
  assert.equal(findings('죽고 싶지 않아요. '.repeat(20)).safety, 'none')
  assert.equal(findings(`${denied}유서를 썼어요.`).safety, 'immediate')
})

const read = (name: string) => parseLabelled(readFileSync(new URL(name, import.meta.url), 'utf8'))

test('the half of the sentences that was looked at keeps its numbers', () => {
  const { sentences, problems } = read('sentences/look.jsonl')
  assert.deepEqual(problems, [])
  const { allCues, rows } = evaluate(sentences)
  const crisis = rows.find(({ name }) => name === 'crisis')!
  assert.ok(allCues.right / (allCues.right + allCues.missed) >= 0.95)
  assert.ok(crisis.missed === 0 && crisis.falseAlarms <= 1)
})

const DEV = new URL('../../../../../shared/care/sentences.jsonl', import.meta.url)
test('the 76 sentences beside the project', (t) => {
  if (!existsSync(DEV)) return t.skip('shared/care/sentences.jsonl is not beside the project')
  const { sentences } = parseLabelled(readFileSync(DEV, 'utf8'))
  const { rows, allCues } = evaluate(sentences)
  assert.equal(rows.find(({ name }) => name === 'crisis')!.missed, 0)
  assert.ok(allCues.right / (allCues.right + allCues.missed) >= 0.9)
})
