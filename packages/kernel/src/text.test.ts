import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hasNoVariants, isBlank, isEmoji, isOneWriting, isPlainText, withoutInvisible } from './text.ts'

function table(check: (text: string) => boolean, yes: readonly string[], no: readonly string[]): void {
  for (const text of yes) it(`${JSON.stringify(text)}: yes`, () => assert.equal(check(text), true))
  for (const text of no) it(`${JSON.stringify(text)} (${[...text].length}): no`, () => assert.equal(check(text), false))
}

describe('blank', () =>
  table(
    isBlank,
    ['', ' \t\n', '\u3164', '\u200b\u2060', '\u00a0\u3000', '\u2800', '\u{e0041}', '\ufe0f', '\u115f\u1160', '\0'],
    ['.', '👍', 'ㅋ', '\u200bㅋ', '❤️', '👨‍👩‍👧', '￼'],
  ))

describe('plain text', () =>
  table(
    isPlainText,
    [
      '김민수',
      '김민수'.normalize('NFD'),
      'Nguyễn Thị Ánh',
      'Nguyễn'.normalize('NFD'),
      'ก็ได้',
      'שָׁלוֹם',
      'ㅋㅋㅋ',
      '사랑해 ❤️ 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ 👍🏽 🇰🇷',
      '☆별★',
    ],
    [
      'gpj.\u202eexe',
      'a\u2066b',
      'a\u200bb',
      '김\u200d민수',
      '\u3164\u3164',
      'a\u0000b',
      'a\nb',
      'a\u2028b',
      'Z\u0301\u0302\u0303\u0304\u0305algo',
      'a\ufe0f',
      '\ue000',
      '\ud800',
    ],
  ))

describe('one writing', () =>
  table(
    isOneWriting,
    ['kim_민수', '김철수_99', '山田taro', 'ヤマダ', 'Иван', 'Ελένη', '홍길동', 'ñandú', '12_34', 'สมชาย'],
    ['pаypal', 'Αlice', 'аdmin김', '민수ь', 'ᏚᎪᎡᎪ', 'ꓡꓲꓢꓴ'],
  ))

describe('no letters in disguise', () =>
  table(
    hasNoVariants,
    ['kim', '김철수', '김철수'.normalize('NFD'), 'ㅋㅋ_99', 'Ünal', '山田'],
    ['ａｄｍｉｎ', '𝒶dmin', 'ⓐdmin', 'ﬁn', 'x²', 'ﾔﾏﾀﾞ'],
  ))

describe('emoji', () =>
  table(
    isEmoji,
    ['👍', '❤️', '👍🏽', '👨‍👩‍👧', '🇰🇷', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🧑‍🤝‍🧑'],
    ['', 'a', '1', '👍👍', '👍a', 'ㅋ', '❤', '\ufe0f', '👍\u200b', 'constructor', '🇰'],
  ))

it('what is looked for has nothing invisible in it', () => {
  assert.equal(withoutInvisible('김\u200b민\u0000수\u202e'), '김민수')
  assert.equal(withoutInvisible('\0\u3164'), '')
})
