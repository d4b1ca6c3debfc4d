import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { sniffType } from './sniff.ts'
import { makeThumbnail } from './thumbnail.ts'

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fee500' } })

describe('sniffType', () => {
  it('goes by the bytes', async () => {
    assert.deepEqual(await sniffType(await picture(4, 4).png().toBuffer()), { mime: 'image/png', ext: 'png' })
    assert.equal((await sniffType(await picture(4, 4).jpeg().toBuffer()))?.mime, 'image/jpeg')
    assert.equal(await sniffType(Buffer.from('<html><script>alert(1)</script></html>')), undefined)
    assert.equal(await sniffType(Buffer.alloc(0)), undefined)
  })
})

describe('makeThumbnail', () => {
  it('fits the longest side and keeps the proportions', async () => {
    const thumbnail = await makeThumbnail(await picture(1000, 500).png().toBuffer(), { maxSize: 320 })
    assert.deepEqual([thumbnail.width, thumbnail.height], [320, 160])
    assert.equal((await sniffType(thumbnail.data))?.mime, 'image/webp')
  })

  it('does not enlarge', async () => {
    const thumbnail = await makeThumbnail(await picture(10, 20).png().toBuffer(), { maxSize: 320 })
    assert.deepEqual([thumbnail.width, thumbnail.height], [10, 20])
  })

  it('turns a photo upright and strips its metadata', async () => {
    const photo = await picture(40, 20)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const thumbnail = await makeThumbnail(photo, { maxSize: 320 })
    assert.deepEqual([thumbnail.width, thumbnail.height], [20, 40])
    const { exif, orientation } = await sharp(thumbnail.data).metadata()
    assert.equal(exif, undefined)
    assert.equal(orientation, undefined)
  })

  it('refuses damaged files and too many pixels with one typed error', async () => {
    const png = await picture(300, 300).png().toBuffer()
    const unreadable = { code: 'IMAGE_UNREADABLE' }
    await assert.rejects(makeThumbnail(Buffer.from('not an image'), { maxSize: 100 }), unreadable)
    await assert.rejects(makeThumbnail(png.subarray(0, 60), { maxSize: 100 }), unreadable)
    await assert.rejects(makeThumbnail(png, { maxSize: 100, maxPixels: 50_000 }), unreadable)
    await assert.rejects(makeThumbnail('/nowhere/at-all.png', { maxSize: 100 }), unreadable)
  })
})
