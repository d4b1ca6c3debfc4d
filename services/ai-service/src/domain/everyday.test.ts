import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { evaluate, parseLabelled } from './evaluation.ts'
import { findings } from './findings.ts'
import { CRISIS_LEXICONS, CUE_LEXICONS, listed } from './lexicon/index.ts'
import { spellingsOf } from './matching/stems.ts'

const cuesOf = (text: string): string[] => [...new Set(findings(text).evidence.map(({ cue }) => cue))].sort()
const raised = (text: string): boolean => ['concern', 'immediate'].includes(findings(text).safety)

test('everyday talk raises no alarm, and hardly a cue', () => {
  const { sentences, problems } = parseLabelled(
    readFileSync(new URL('sentences/everyday.jsonl', import.meta.url), 'utf8'),
  )
  assert.deepEqual(problems, [])
  assert.ok(sentences.length >= 600 && sentences.every(({ labels }) => labels.length === 0))
  const { rows, allCues, mistakes } = evaluate(sentences)
  assert.deepEqual(
    mistakes.filter(({ what }) => what.endsWith('crisis')),
    [],
  )
  assert.equal(rows.find(({ name }) => name === 'crisis')!.falseAlarms, 0)
  // What is found beyond this is weak evidence that asks for no help: a number that may fall.
  assert.ok(allCues.falseAlarms <= 13, `${allCues.falseAlarms}`)
})

test('no way of saying has an empty part, which would stand anywhere', () => {
  const ways = [...CUE_LEXICONS, ...CRISIS_LEXICONS].flatMap(({ entries }) => entries.flatMap(({ say }) => listed(say)))
  for (const way of ways)
    for (const word of way.replace(/^\^/, '').split(/ \.\. | /))
      for (const one of word.split('/')) assert.match(one, /[^+~^-]/u, `"${one}" of: ${way.slice(0, 80)}`)
})

test('a verb of one syllable is found with the endings of verbs only', () => {
  const begins = (text: string) =>
    spellingsOf('가-').some(({ letters }) => {
      const said = spellingsOf(text)[0]!.letters
      return letters.every((letter, at) => said[at] === letter)
    })
  for (const text of ['가고', '간다', '갈래', '갔어', '갑니다', '가련다', '가야']) assert.ok(begins(text), text)
  for (const text of ['가을', '가족', '가게', '가지', '가슴', '감기']) assert.ok(!begins(text), text)
})

test('a wish is found in the dialects', () => {
  for (const text of [
    '죽구 싶어유',
    '죽고 잡소',
    '죽구정 허다',
    '몬 살겄다 인자',
    '죽어 뿔란다',
    '고마 갔으면 쓰겄네 하느님이 데려가면 좋것다',
  ])
    assert.ok(raised(text), text)
  for (const [text, cue] of [
    ['외로버서 몬 살것다', 'lonely'],
    ['기운이 읎어유', 'fatigue'],
    ['밥도 안 묵히고 입맛이 엄써', 'appetite'],
    ['다 구찮아서 암것도 하기 실타', 'anhedonia'],
  ] as const)
    assert.ok(cuesOf(text).includes(cue), text)
})

test('what says why takes back only what stands right after it', () => {
  for (const text of ['더워서 못 살겠다', '시끄러워서 못 살겠네']) assert.equal(findings(text).safety, 'none', text)
  for (const text of ['못 살겠다', '날도 더운데 이젠 살기가 싫어서 못 살겠다']) assert.ok(raised(text), text)
})

test('a denial between the words of a phrase denies it', () => {
  assert.deepEqual(cuesOf('허리가 안 결려'), [])
  assert.deepEqual(cuesOf('허리가 자꾸 결려'), ['pain'])
  assert.ok(cuesOf('잠이 안 와').includes('sleep'), 'this 안 is a word of the phrase')
})

test('to be calm after what is done is no sign that it is over', () => {
  assert.equal(findings('영정 사진도 찍어 놨고 이제 마음이 편해요').safety, 'immediate')
  assert.equal(findings('재작년에 영정 사진까지 찍어 놓고 죽을 날만 기다렸는데 지금은 괜찮아요').safety, 'past')
})

test('a farewell that asks others for something is not denied by it', () => {
  for (const text of ['나 죽거든 울지 마라', '내가 가고 나면 슬퍼하지 말고 잘 살아', '나 없더라도 싸우지 말고 지내라'])
    assert.equal(findings(text).safety, 'immediate', text)
})
