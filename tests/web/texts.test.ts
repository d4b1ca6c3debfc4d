import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isEmoji } from '@bigtech/kernel'
import { EMOJI } from '@bigtech/web/emoji'
import { nameMatches } from '@bigtech/web/hangul'
import { excerpt, isOnlyEmoji, markedParts, textParts } from '@bigtech/web/links'
import fc from 'fast-check'

describe('finding a name', () => {
  it('by a part of it, whatever the case and the form of its letters', () => {
    assert.ok(nameMatches('김민수', '민'))
    assert.ok(nameMatches('James Park', 'pArk'))
    assert.ok(nameMatches('김민수'.normalize('NFD'), '민수'))
    assert.ok(nameMatches('아무나', '  '))
    assert.ok(!nameMatches('김민수', '민지'))
  })

  it('by the consonants its syllables begin with', () => {
    assert.ok(nameMatches('김민수', 'ㄱㅁㅅ'))
    assert.ok(nameMatches('김민수', 'ㅁㅅ'))
    assert.ok(nameMatches('까치', 'ㄲ'))
    assert.ok(!nameMatches('김민수', 'ㅅㅁ'))
    assert.ok(!nameMatches('김민수', 'ㄱ민'), 'mixed is a text of its own')
  })

  it('a name holds each of its parts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'김민수까치 ABcd-') }),
        fc.nat(),
        fc.nat(),
        (name, from, length) => nameMatches(name, name.slice(from % (name.length + 1)).slice(0, length)),
      ),
    )
  })
})

describe('the parts of a message', () => {
  it('are its text, unchanged, whatever it is', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.emailAddress())
    fc.assert(
      fc.property(fc.array(texts), (pieces) => {
        const text = pieces.join(' ')
        assert.equal(
          textParts(text)
            .map((part) => part.text)
            .join(''),
          text,
        )
      }),
    )
  })

  it('are links only where they lead to the web or to a mail', () => {
    const hrefs = (text: string) => textParts(text).flatMap(({ href }) => href ?? [])
    assert.deepEqual(hrefs('여기 https://example.com/a?b=c#d 보세요'), ['https://example.com/a?b=c#d'])
    assert.deepEqual(hrefs('메일 a@example.com'), ['mailto:a@example.com'])
    assert.deepEqual(hrefs('ftp://example.com javascript:alert(1) file:///etc/passwd data:text/html,x'), [])
    fc.assert(fc.property(fc.string(), (text) => hrefs(text).every((href) => /^(https?:\/\/|mailto:)/i.test(href))))
  })

  it('mark every word wherever it stands, as it was written', () => {
    assert.deepEqual(markedParts('김치찌개와 김치전', ['김치']), [
      { text: '김치', mark: true },
      { text: '찌개와 ' },
      { text: '김치', mark: true },
      { text: '전' },
    ])
    assert.deepEqual(markedParts('Hello', []), [{ text: 'Hello' }])
    const marks = (text: string, ...words: string[]) =>
      markedParts(text, words)
        .filter(({ mark }) => mark)
        .map((part) => part.text)
    assert.deepEqual(marks('Cafe\u0301에서 C++ 이야기 👍🏽', 'cafe', 'c++', '이', '👍'), [
      'Cafe\u0301',
      'C++',
      '이',
      '👍🏽',
    ])
    assert.deepEqual(marks('ﬁle', 'file'), ['ﬁle'])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, word) =>
        assert.equal(
          markedParts(text, [word])
            .map((part) => part.text)
            .join(''),
          text,
        ),
      ),
    )
  })

  it('an excerpt begins before the first word', () => {
    const text = `${'가'.repeat(100)} 김치 ${'나'.repeat(200)}`
    assert.match(excerpt(text, ['김치']), /^…가{19} 김치 나+$/)
    assert.equal(excerpt('짧다', ['없다']), '짧다')
  })

  it('a few emoji alone are shown large', () => {
    for (const text of ['👍', '❤️', '😂😂', '👨‍👩‍👧', '🇰🇷', '👋🏽']) assert.ok(isOnlyEmoji(text), text)
    for (const text of ['', '1', '#', '네 👍', '👍!', 'ㅋㅋ']) assert.ok(!isOnlyEmoji(text), text)
  })
})

it('every emoji that can be picked is one the server takes as a reaction', () => {
  assert.deepEqual(
    EMOJI.flatMap(({ all }) => all).filter((emoji) => !isEmoji(emoji)),
    [],
  )
})
