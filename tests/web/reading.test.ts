import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createReading, type SeenRow } from '@bigtech/web/reading'

const HEIGHT = 600
const row = (seq: number, top: number, size = 100): SeenRow => ({ seq, top, bottom: top + size })

describe('what counts as read', () => {
  const cases: [what: string, looks: SeenRow[][], readSeq: number, upTo: number][] = [
    ['what was on the screen', [[row(1, 0), row(2, 100)]], 0, 2],
    ['half of it is enough, less is not', [[row(1, -50), row(2, 550), row(3, 551)]], 0, 2],
    ['nothing above or below', [[row(1, -100), row(2, 0), row(3, 600)]], 0, 0],
    ['nothing beyond a message that was jumped over', [[row(1, 0)], [row(3, 0), row(4, 100)]], 0, 1],
    ['all of it once the one jumped over was seen', [[row(1, 0)], [row(3, 0)], [row(2, 0)]], 0, 3],
    ['what was read elsewhere needs no look', [[row(5, 0)]], 4, 5],
    ['a message taller than the screen, part by part', [[row(1, 0, 2_000)], [row(1, -500, 2_000)]], 0, 1],
    ['not its end alone', [[row(1, -1_400, 2_000)]], 0, 0],
    ['not two ends with nothing between', [[row(1, 0, 4_000)], [row(1, -3_400, 4_000)]], 0, 0],
    ['no row without a height', [[row(1, 10, 0)]], 0, 0],
  ]
  for (const [what, looks, readSeq, upTo] of cases)
    it(what, () => {
      const reading = createReading()
      for (const rows of looks) reading.see(rows, HEIGHT)
      assert.equal(reading.upTo(readSeq), upTo)
    })

  it('goes on from where it was, and never back', () => {
    const reading = createReading()
    reading.see([row(11, 0)], HEIGHT)
    assert.equal(reading.upTo(10), 11)
    assert.equal(reading.upTo(3), 11)
    reading.see([row(12, 0)], HEIGHT)
    assert.equal(reading.upTo(10), 12)
  })

  it('holds for any rows and any way of scrolling: half of all before the position was on the screen, and not all of the next one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: HEIGHT }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 30 }),
        (sizes, offsets) => {
          const reading = createReading()
          /** Of each message, which of its pixels were on the screen. */
          const pixels = sizes.map(() => new Set<number>())
          for (const offset of offsets) {
            let at = -offset
            const rows = sizes.map((size, index) => row(index + 1, (at += size) - size, size))
            reading.see(rows, HEIGHT)
            for (const { seq, top, bottom } of rows)
              for (let y = Math.max(top, 0); y < Math.min(bottom, HEIGHT); y++) pixels[seq - 1]!.add(y - top)
          }
          const share = (seq: number) => pixels[seq - 1]!.size / sizes[seq - 1]!
          const upTo = reading.upTo(0)
          for (let seq = 1; seq <= upTo; seq++) assert.ok(share(seq) >= 0.5, `${seq} was read`)
          if (upTo < sizes.length) assert.ok(share(upTo + 1) < 1, `${upTo + 1} was on the screen`)
        },
      ),
    )
  })
})
