import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { atRest, isEnter, isHangul, isLineBreak, step, type Happening } from '@bigtech/web/composition'
import fc from 'fast-check'

/** A field as a browser has it: what is not swallowed happens, and what is sent leaves it. */
class Field {
  text = ''
  readonly sent: string[] = []
  /** Also of nothing: a message that is being changed is not emptied. */
  sends = 0
  #state = atRest
  #rests = false

  feed(happening: Happening): void {
    const [state, act] = step(this.#state, happening)
    this.#state = state
    if (act.later) this.#rests = true
    if (act.send) {
      this.sends++
      // As the composer does it: nothing is sent of nothing.
      if (this.text.trim()) this.sent.push(this.text)
      this.text = ''
    }
    if (happening.type === 'linebreak' && !act.swallow) this.text += '\n'
  }

  /** The browser is through with what it was at. */
  rest(): void {
    if (this.#rests) this.feed({ type: 'rest' })
    this.#rests = false
  }

  /** A composition that is not finished; its text stands in the field already. */
  compose(...steps: string[]): void {
    this.feed({ type: 'compositionstart' })
    let before = ''
    for (const data of steps) {
      this.feed({ type: 'keydown', enter: false, composing: before !== '', toMethod: true, sends: true, repeat: false })
      this.feed({ type: 'compositionupdate', data })
      this.text = this.text.slice(0, this.text.length - before.length) + data
      this.feed({ type: 'input' })
      before = data
    }
  }
}

const key = (more: Partial<Happening & { type: 'keydown' }> = {}): Happening => ({
  type: 'keydown',
  enter: true,
  composing: false,
  toMethod: false,
  sends: true,
  repeat: false,
  ...more,
})
const toMethod = key({ composing: true, toMethod: true })
const end = (data: string): Happening => ({ type: 'compositionend', data })
const lineBreak: Happening = { type: 'linebreak', sends: true }
const up: Happening = { type: 'keyup' }
const input: Happening = { type: 'input' }

/** What one press of Enter makes while `data` is composed, in the order of each browser; `rest` is the end of the turn. */
const ORDERS: Record<string, (data: string) => (Happening | 'rest')[]> = {
  'Chrome on macOS': (data) => [toMethod, end(data), key(), 'rest', up],
  'Chrome on macOS, the second keydown in a turn of its own': (data) => [toMethod, end(data), 'rest', key(), up],
  'Chrome on Windows and Linux': (data) => [toMethod, end(data), 'rest', up],
  'Chrome on Windows, with a line break': (data) => [toMethod, end(data), lineBreak, 'rest', up],
  'Chrome on Windows, with a line break of its own turn': (data) => [toMethod, end(data), 'rest', lineBreak, up],
  'an input method of another process': (data) => [toMethod, up, end(data), 'rest'],
  Firefox: (data) => [toMethod, { type: 'compositionupdate', data }, end(data), input, 'rest', up],
  Safari: (data) => [end(data), input, key({ toMethod: true }), 'rest', up],
}
/** Phones do this; there is no Japanese or Chinese among them that picks a candidate like so. */
const PHONES: typeof ORDERS = {
  'Android with a key': (data) => [end(data), key(), up],
  'Android without a key': (data) => [key({ enter: false, toMethod: true }), end(data), lineBreak],
  'Android, the line before the end': (data) => [key({ enter: false, toMethod: true }), lineBreak, end(data), 'rest'],
}

function press(field: Field, happenings: (Happening | 'rest')[]): void {
  for (const one of happenings) {
    if (one === 'rest') field.rest()
    else field.feed(one)
  }
  field.rest()
}

describe('Enter while Hangul is composed', () => {
  for (const [browser, order] of Object.entries({ ...ORDERS, ...PHONES }))
    it(`sends at once, once and all of it: ${browser}`, () => {
      const field = new Field()
      for (let n = 1; n <= 2; n++) {
        field.text = '안녕하세'
        field.compose('ㅇ', '요')
        press(field, order('요'))
        assert.deepEqual(
          field.sent,
          Array.from({ length: n }, () => '안녕하세요'),
        )
        assert.equal(field.text, '')
        assert.equal(field.sends, n)
      }
    })

  it('makes a line with Shift, and sends nothing', () => {
    const field = new Field()
    field.compose('ㅎ', '하')
    press(field, [
      key({ composing: true, toMethod: true, sends: false }),
      end('하'),
      key({ sends: false }),
      { type: 'linebreak', sends: false },
      up,
    ])
    assert.deepEqual(field.sent, [])
    assert.equal(field.text, '하\n')
  })

  it('sends nothing when the syllable became a Chinese character, or when one goes on composing', () => {
    const field = new Field()
    field.compose('한')
    press(field, [toMethod, end('韓'), 'rest', up])
    field.compose('ㄱ')
    press(field, [toMethod, up, { type: 'compositionupdate', data: '가' }, end('가'), 'rest'])
    assert.deepEqual(field.sent, [])
  })
})

describe('Enter while Japanese, Chinese or Latin is composed', () => {
  for (const [browser, order] of Object.entries(ORDERS).filter(([name]) => !/second|with a line/.test(name)))
    for (const [typed, picked] of [
      ['にほん', '日本'],
      ['にほん', 'にほん'],
      ['ni hao', '你好'],
      ['ㄋㄧˇ', '你'],
      ['tieng', 'tiếng'],
    ] as const)
      it(`picks, and the next one sends: ${typed}, ${picked}, ${browser}`, () => {
        const field = new Field()
        field.compose(typed)
        const happenings = order(picked).filter((one) => one === 'rest' || one.type !== 'keydown' || one.toMethod)
        press(field, happenings)
        assert.deepEqual(field.sent, [])
        press(field, [key(), up])
        assert.equal(field.sent.length, 1)
        assert.equal(field.text, '')
      })

  it('a line that the input method makes of it stays a line', () => {
    const field = new Field()
    field.compose('にほん')
    press(field, [toMethod, end('にほん'), lineBreak, up])
    assert.deepEqual(field.sent, [])
    assert.equal(field.text, 'にほん\n')
  })
})

describe('Enter without a composition', () => {
  it('sends after one whose end was never told', () => {
    const field = new Field()
    field.compose('한')
    press(field, [key(), up])
    assert.deepEqual(field.sent, ['한'])
  })

  it('sends, however long it is held', () => {
    const field = new Field()
    field.text = 'hello'
    press(field, [key(), key({ repeat: true }), key({ repeat: true }), up])
    field.text = 'again'
    press(field, [key(), up])
    assert.deepEqual(field.sent, ['hello', 'again'])
  })

  it('of a phone that only tells of a line break, unless Enter makes lines', () => {
    const field = new Field()
    field.text = 'hello'
    press(field, [key({ enter: false, toMethod: true }), lineBreak])
    field.text = 'two'
    press(field, [{ type: 'linebreak', sends: false }])
    assert.deepEqual(field.sent, ['hello'])
    assert.equal(field.text, 'two\n')
  })
})

describe('what the keyboard tells', () => {
  it('Enter has several names', () => {
    assert.ok(isEnter({ key: 'Enter', code: 'Enter', keyCode: 13 }))
    assert.ok(isEnter({ key: 'Process', code: 'NumpadEnter', keyCode: 229 }))
    assert.ok(!isEnter({ key: 'Process', code: 'KeyG', keyCode: 229 }))
    assert.ok(!isEnter({ key: 'Unidentified', code: '', keyCode: 229 }))
    assert.ok(isLineBreak({ inputType: 'insertLineBreak', data: null }))
    assert.ok(isLineBreak({ inputType: 'insertText', data: '\n' }))
    assert.ok(!isLineBreak({ inputType: 'insertText', data: '글' }))
  })

  it('Hangul are syllables, letters and the dots of phone keyboards', () => {
    for (const text of ['한', 'ㅎ', 'ㅏ', '한글', '\u1112\u1161\u11AB', 'ㆍ', '·']) assert.ok(isHangul(text), text)
    for (const text of ['', 'a', '한a', '韓', 'か', 'ㄅ', '1']) assert.ok(!isHangul(text), text)
  })
})

describe('any order of events', () => {
  const press = fc.record({
    text: fc.string({ unit: fc.constantFrom('안', '녕', ' ', 'a', 'ㅋ'), maxLength: 5 }),
    last: fc.constantFrom('요', 'ㅋ', '글'),
    /** Before the end, Firefox and Chrome; after it, Safari (229) and Android (13). */
    order: fc.constantFrom('before', 'after 229', 'after 13', 'line only'),
    updates: fc.boolean(),
    inputs: fc.boolean(),
    second: fc.boolean(),
    line: fc.boolean(),
    repeats: fc.nat(2),
    up: fc.constantFrom('none', 'before the end', 'last'),
    /** After how many more events the browser is through. */
    rest: fc.nat(5),
  })

  it('each press sends all of its text once and leaves nothing', () => {
    fc.assert(
      fc.property(fc.array(press, { minLength: 1, maxLength: 4 }), (presses) => {
        const field = new Field()
        const expected: string[] = []
        for (const one of presses) {
          field.text = one.text
          field.compose('ㅇ', one.last)
          const tail: Happening[] = [
            ...(one.inputs ? [input] : []),
            ...(one.order === 'after 229' ? [key({ toMethod: true })] : one.order === 'after 13' ? [key()] : []),
            ...(one.second && one.order !== 'line only' ? [key()] : []),
            ...(one.line || one.order === 'line only' ? [lineBreak] : []),
            ...Array.from({ length: one.order === 'line only' ? 0 : one.repeats }, () => key({ repeat: true })),
            ...(one.up === 'last' ? [up] : []),
          ]
          if (one.order === 'before') field.feed(toMethod)
          if (one.order === 'before' && one.up === 'before the end') field.feed(up)
          if (one.updates) field.feed({ type: 'compositionupdate', data: one.last })
          field.feed(end(one.last))
          for (const [index, happening] of tail.entries()) {
            if (index === one.rest) field.rest()
            field.feed(happening)
          }
          field.rest()
          expected.push(one.text + one.last)
          assert.deepEqual(field.sent, expected)
          assert.equal(field.text, '')
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
