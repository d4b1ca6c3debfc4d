import assert from 'node:assert/strict'
import { it } from 'node:test'
import { markedWords } from '@bigtech/web/care-marks'

const found = (cue: 'sleep' | 'anxiety' | 'crisis', start: number, end: number) => ({
  cue,
  start,
  end,
  phrase: '',
  strength: 2,
  items: [],
})

it('marks phrases in a text, each letter once', () => {
  const text = '요즘 잠이 안 와요. 걱정돼요'
  assert.deepEqual(markedWords(text, [found('anxiety', 12, 16), found('sleep', 3, 10)]), [
    { text: '요즘 ' },
    { text: '잠이 안 와요', cue: 'sleep' },
    { text: '. ' },
    { text: '걱정돼요', cue: 'anxiety' },
  ])
  // Two that overlap: the one that begins first has the letters that both are about.
  assert.deepEqual(markedWords('abcdef', [found('sleep', 0, 4), found('anxiety', 2, 6), found('crisis', 1, 3)]), [
    { text: 'abcd', cue: 'sleep' },
    { text: 'ef', cue: 'anxiety' },
  ])
  assert.deepEqual(markedWords('abc', []), [{ text: 'abc' }])
  assert.deepEqual(markedWords('', []), [])
  // Of another text than it was found in: nothing is shown that is not there.
  assert.deepEqual(markedWords('ab', [found('sleep', 1, 9), found('anxiety', 20, 30)]), [
    { text: 'a' },
    { text: 'b', cue: 'sleep' },
  ])
})
