import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pictureBox, stripOf } from '@bigtech/web/picture-box'
import fc from 'fast-check'

describe('the room for a picture', () => {
  const cases: [width: number | null, height: number | null, box: ReturnType<typeof pictureBox>][] = [
    [1600, 1200, { width: 16, height: 12, shows: 'all' }],
    [1200, 1600, { width: 12, height: 16, shows: 'all' }],
    [100, 3000, { width: 5.5, height: 16, shows: 'top' }],
    [3000, 100, { width: 16, height: 5.5, shows: 'middle' }],
    [1080, 8000, { width: 5.5, height: 16, shows: 'top' }],
    [32, 32, { width: 5.5, height: 5.5, shows: 'all' }],
    [128, 96, { width: 8, height: 6, shows: 'all' }],
    [null, null, { width: 16, height: 12, shows: 'all' }],
  ]
  for (const [width, height, box] of cases)
    it(`of ${width} × ${height} px`, () => assert.deepEqual(pictureBox(width, height), box))

  it('is never a strip, and never larger than the largest', () => {
    const side = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const box = pictureBox(width, height)
        assert.ok(box.width >= 5.5 && box.height >= 5.5 && box.width <= 16 && box.height <= 16)
        if (box.shows === 'all' && Math.max(width, height) > 88)
          assert.ok(Math.abs(box.width / box.height - width / height) < 0.02 * (width / height), 'not distorted or cut')
      }),
    )
  })

  it('a strip is looked at piece by piece', () => {
    assert.equal(stripOf(100, 3000), 'tall')
    assert.equal(stripOf(3000, 100), 'wide')
    assert.equal(stripOf(1000, 2000), undefined)
    assert.equal(stripOf(null, 10), undefined)
  })
})
