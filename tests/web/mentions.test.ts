import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Mention } from '@bigtech/client'
import { partsBefore } from '@bigtech/web/fold'
import { nameBegins, nameMatches, nameMatchesSoFar } from '@bigtech/web/hangul'
import { textParts } from '@bigtech/web/links'
import { callAt, movedBy, nameKey, sameMentions, toSend, withName, type Callee } from '@bigtech/web/mentions'
import fc from 'fast-check'

const at = (offset: number, length: number, user_id = 1): Mention => ({ user_id, offset, length })

describe('a name that is being typed', () => {
  it('is found at every step of its last syllable', () => {
    for (const typed of ['ㄱ', '기', '김', '김ㅁ', '김미', '김민', '김민ㅅ', '김민수', 'ㅁㅅ'])
      assert.ok(nameMatchesSoFar('김민수', typed), typed)
    for (const typed of ['징', '지으', '지은']) assert.ok(nameMatchesSoFar('이 지은', typed), typed)
    // One consonant, then two, of which the second goes on to the next syllable.
    for (const typed of ['갑', '값', '값ㅇ']) assert.ok(nameMatchesSoFar('값이', typed), typed)
    for (const typed of ['갑', '값']) assert.ok(nameMatchesSoFar('갑수', typed), typed)
    // Vowels made of two.
    for (const typed of ['고', '과']) assert.ok(nameMatchesSoFar('과장', typed), typed)
    for (const typed of ['징', '김ㅅ', '김민주', '고']) assert.ok(!nameMatchesSoFar('김민수', typed), typed)
    for (const typed of ['ㅈ', '징', 'ㅈㅇ', '지'])
      assert.ok(nameBegins('지우', typed) && !nameBegins('이 지은', typed), typed)
    assert.ok(nameMatches('각시', 'ㄳ'), 'two consonants that a keyboard writes as one')
  })

  it('is found by all of its beginnings, whatever the name', () => {
    const names = fc.string({ unit: fc.constantFrom(...'김민수까치 ABcd-값과'), minLength: 1 })
    fc.assert(fc.property(names, fc.nat(20), (name, to) => nameMatchesSoFar(name, name.slice(0, to))))
  })

  it('follows an @ that stands in no word and in nobody chosen', () => {
    assert.deepEqual(callAt('안녕 @지', 5, []), { offset: 3, typed: '지' })
    assert.deepEqual(callAt('@이 지', 4, []), { offset: 0, typed: '이 지' })
    assert.deepEqual(callAt('@지우 안녕', 2, []), { offset: 0, typed: '지' })
    for (const text of ['a@b', 'a.@b', '안녕@', '지우', '@지\n우'])
      assert.equal(callAt(text, text.length, []), undefined)
    assert.equal(callAt('@지우 안녕', 6, [at(0, 3)]), undefined)
  })
})

describe('ranges of a text that is being written', () => {
  it('move with what changes before them, and are gone when their own text changes', () => {
    const moved = (before: string, after: string, caret: number) => movedBy([at(3, 3)], before, after, caret)
    assert.deepEqual(moved('네, @지우 ', '네네, @지우 ', 1), [at(4, 3)])
    assert.deepEqual(moved('네, @지우 ', '@지우 ', 0), [at(0, 3)])
    assert.deepEqual(moved('네, @지우 ', '네, @지우야 ', 7), [at(3, 3)])
    assert.deepEqual(moved('네, @지우', '네, @지우@지우', 6), [at(6, 3)], 'the same once more, before it')
    assert.deepEqual(moved('네, @지우', '네, @지우@지우', 9), [at(3, 3)], 'the same once more, behind it')
    assert.deepEqual(movedBy([at(0, 3)], '@지우우', '@지우우우', 4), [at(0, 3)], 'between two that are the same')
    for (const [after, caret] of [
      ['네, @지 ', 5],
      ['네, @지구우 ', 6],
      ['네, 지우 ', 3],
      ['네', 1],
      ['', 0],
    ] as const)
      assert.deepEqual(moved('네, @지우 ', after, caret), [], after)
  })

  it('hold the text they held, whatever is typed and wherever', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'@지우 a'), maxLength: 6 })
    const edit = fc.record({ from: fc.nat(40), length: fc.nat(5), typed: letters })
    fc.assert(
      fc.property(letters, letters, fc.array(edit, { maxLength: 8 }), (before, behind, edits) => {
        let text = `${before}@지우${behind}`
        let ranges: readonly Mention[] = [at(before.length, 3)]
        for (const { from, length, typed } of edits) {
          const start = Math.min(from, text.length)
          const after = text.slice(0, start) + typed + text.slice(start + length)
          ranges = movedBy(ranges, text, after, start + typed.length)
          text = after
        }
        return ranges.every((range) => text.slice(range.offset, range.offset + range.length) === '@지우')
      }),
    )
  })

  it('begin with a name that is chosen, in the place of what was typed', () => {
    const jiwoo = { name: '지우', callee: { user_id: 2 } }
    assert.deepEqual(withName('@김 @지', [at(3, 2)], { offset: 0, end: 2 }, jiwoo), {
      text: '@지우 @지',
      mentions: [at(0, 3, 2), at(4, 2)],
      caret: 4,
    })
    assert.equal(withName('@지', [], { offset: 0, end: 2 }, jiwoo).text, '@지우 ')
  })
})

describe('what is sent', () => {
  const names = new Map<string, Callee>([
    [nameKey('Minsu'), { user_id: 3 }],
    [nameKey('모두'), { everyone: true }],
  ])
  it('calls who was chosen, by places in what is left of the text', () => {
    assert.deepEqual(toSend('  @지우 \n', [at(2, 3)], names), { content: '@지우', mentions: [at(0, 3)] })
  })
  it('and who was typed by name beside them', () => {
    assert.deepEqual(toSend('@minsu, @지우 @모두! @누구 a@minsu', [at(8, 3)], names).mentions, [
      at(0, 6, 3),
      at(8, 3),
      { everyone: true, offset: 12, length: 3 },
    ])
    assert.deepEqual(toSend('@모두', [at(0, 3)], names).mentions, [at(0, 3)])
  })
  it('is left to the server when nobody was chosen', () => {
    assert.deepEqual(toSend('@minsu 안녕 ', [], names), { content: '@minsu 안녕', mentions: undefined })
  })
  it('is news only if it calls others', () => {
    assert.ok(sameMentions([at(0, 3)], [at(0, 3)]))
    for (const other of [
      [],
      [at(1, 3)],
      [at(0, 2)],
      [at(0, 3, 2)],
      [{ everyone: true, offset: 0, length: 3 } as const],
    ])
      assert.ok(!sameMentions([at(0, 3)], other))
  })
})

describe('a message', () => {
  const shown = (text: string, ...mentions: Mention[]) =>
    textParts(text, mentions).map((part) =>
      part.mention ? `[${part.text}]` : part.href ? `<${part.text}>` : part.text,
    )

  it('is cut into text, links and whom it calls', () => {
    assert.deepEqual(shown('@지우 https://example.com @민수', at(0, 3), at(24, 3)), [
      '[@지우]',
      ' ',
      '<https://example.com>',
      ' ',
      '[@민수]',
    ])
    assert.deepEqual(shown('https://example.com/@name', at(20, 5)), ['<https://example.com/@name>'])
    assert.deepEqual(shown('@some.name 안녕', at(0, 10)), ['[@some.name]', ' 안녕'])
  })

  it('stays its text, wherever ranges are', () => {
    const ranges = fc.array(fc.record({ offset: fc.nat(40), length: fc.integer({ min: 1, max: 9 }) }), { maxLength: 4 })
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), ranges, (text, found) => {
        const mentions = found.map((range) => ({ ...range, user_id: 1 }))
        assert.equal(
          textParts(text, mentions)
            .map((part) => part.text)
            .join(''),
          text,
        )
      }),
    )
  })

  it('that is folded cuts no name in two', () => {
    assert.deepEqual(
      partsBefore(textParts('네 @지우', [at(2, 3)]), 4).map((part) => part.text),
      ['네 '],
    )
  })
})
