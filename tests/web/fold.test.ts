import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { foldAt, partsBefore } from '@bigtech/web/fold'
import { textParts } from '@bigtech/web/links'
import fc from 'fast-check'

describe('a long text is folded', () => {
  it('by letters, by lines, or not at all', () => {
    assert.equal(foldAt('가'.repeat(500)), undefined)
    assert.equal(foldAt('가'.repeat(501)), 500)
    assert.equal(foldAt('줄\n'.repeat(15)), undefined)
    assert.equal(foldAt('줄\n'.repeat(16)), 29)
    assert.equal(foldAt(''), undefined)
  })

  it('never within a letter', () => {
    for (const letter of ['👨‍👩‍👧', '각'.normalize('NFD'), '❤️', '🇰🇷']) {
      const cut = foldAt(letter.repeat(400))!
      assert.equal(cut % letter.length, 0, letter)
      assert.ok(cut > 400)
    }
    assert.equal(foldAt(`e${'\u0301'.repeat(2_000)}`), 500, 'a letter without end is cut all the same')
  })

  it('never within a link', () => {
    const link = `https://example.com/${'a'.repeat(300)}`
    const text = `${'가'.repeat(300)} ${link} 끝`
    const shown = partsBefore(textParts(text), foldAt(text)!)
    assert.equal(shown.map((part) => part.text).join(''), `${'가'.repeat(300)} `)
    const alone = `https://example.com/${'a'.repeat(900)} 끝`
    assert.equal(partsBefore(textParts(alone), foldAt(alone)!)[0]!.text.length, 920)
  })

  it('what is shown is how the text begins', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('가', 'a', '\n', ' ', '👍', 'https://x.io '), maxLength: 900 }),
        (text) => {
          const at = foldAt(text)
          if (at === undefined) return assert.ok(text.length <= 500 || text.trimEnd().length <= 500)
          const shown = partsBefore(textParts(text), at)
            .map((part) => part.text)
            .join('')
          assert.ok(text.startsWith(shown) && shown.length < text.length && at <= 500)
        },
      ),
    )
  })
})
