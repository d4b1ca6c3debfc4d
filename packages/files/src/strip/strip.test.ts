import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { stripMetadata } from './strip.ts'

const SECRET = 'the-secret-place'
const WIDTH = 40
const HEIGHT = 20

/** Red left, blue right: which way it is turned shows. */
const scene = async () =>
  sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#0000ff' } })
    .composite([
      {
        input: { create: { width: WIDTH / 2, height: HEIGHT, channels: 3, background: '#ff0000' } },
        left: 0,
        top: 0,
      },
    ])
    .png()
    .toBuffer()

const EXIF = {
  IFD0: { Copyright: SECRET, Make: SECRET },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 59/1', GPSLongitudeRef: 'E', GPSLongitude: '126/1 58/1 41/1' },
}
const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="${SECRET}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

/** As a camera or a program writes it. */
async function told(encode: (image: Sharp) => Sharp, orientation = 1): Promise<Buffer> {
  const image = sharp(await scene())
    .withExif(EXIF)
    .withXmp(XMP)
    .withIccProfile('p3')
    .withMetadata({ orientation })
  const bytes = await encode(image).toBuffer()
  assert.ok(bytes.includes(SECRET), 'the picture tells')
  return bytes
}

const pixels = (bytes: Buffer) => sharp(bytes, { animated: true }).autoOrient().raw().toBuffer()

async function assertSilent(bytes: Buffer): Promise<void> {
  assert.ok(!bytes.includes(SECRET))
  assert.ok(!bytes.includes('GPS'))
  const { exif, xmp, iptc, comments } = await sharp(bytes).metadata()
  assert.deepEqual([xmp, iptc, comments], [undefined, undefined, undefined])
  // What is left of EXIF is the orientation.
  assert.ok(exif === undefined || exif.length <= 32, String(exif?.length))
}

/** A part that a format allows and no decoder of pictures reads. */
const jpegSegment = (marker: number, text: string) =>
  Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text)])

describe('stripMetadata', () => {
  const lossless: [string, string, (image: Sharp) => Sharp][] = [
    ['JPEG', 'image/jpeg', (image) => image.jpeg()],
    ['progressive JPEG', 'image/jpeg', (image) => image.jpeg({ progressive: true })],
    ['PNG', 'image/png', (image) => image.png()],
    ['WebP', 'image/webp', (image) => image.webp()],
  ]
  for (const [name, mime, encode] of lossless)
    it(`${name}: nothing but the picture and its colours, byte by byte`, async () => {
      const bytes = await told(encode)
      const stripped = await stripMetadata(bytes, mime)
      await assertSilent(stripped)
      assert.deepEqual(await pixels(stripped), await pixels(bytes))
      const profile = async (of: Buffer) => (await sharp(of).metadata()).icc
      assert.ok((await profile(bytes)) !== undefined)
      assert.deepEqual(await profile(stripped), await profile(bytes))
      assert.equal(await stripMetadata(stripped, mime), stripped, 'a second time there is nothing to do')
    })

  for (let orientation = 2; orientation <= 8; orientation++)
    it(`a JPEG with orientation ${orientation} is shown as before`, async () => {
      const bytes = await told((image) => image.jpeg(), orientation)
      const stripped = await stripMetadata(bytes, 'image/jpeg')
      await assertSilent(stripped)
      assert.equal((await sharp(stripped).metadata()).orientation, orientation)
      assert.deepEqual(await pixels(stripped), await pixels(bytes))
    })

  for (const [name, mime, encode] of lossless.slice(2))
    it(`a ${name} that is turned by a note is turned itself`, async () => {
      const bytes = await told(encode, 6)
      const stripped = await stripMetadata(bytes, mime)
      await assertSilent(stripped)
      const { width, height } = await sharp(stripped).metadata()
      assert.deepEqual([width, height], [HEIGHT, WIDTH])
      const [before, after] = [await pixels(bytes), await pixels(stripped)]
      const difference = before.reduce((sum, value, at) => sum + Math.abs(value - after[at]!), 0) / before.length
      assert.ok(difference <= 4, `on average ${difference} of 255`)
    })

  it('a JPEG loses comments, what programs add, and what is appended', async () => {
    const plain = await sharp(await scene())
      .jpeg()
      .toBuffer()
    const added = [
      jpegSegment(0xfe, SECRET),
      jpegSegment(0xe2, `MPF\0${SECRET}`),
      jpegSegment(0xed, `Photoshop ${SECRET}`),
    ]
    const film = Buffer.from(`....ftypmp42${SECRET}`)
    const bytes = Buffer.concat([plain.subarray(0, 2), ...added, plain.subarray(2), film])
    assert.deepEqual(await stripMetadata(bytes, 'image/jpeg'), plain)
  })

  it('an animation keeps its frames, delays and repeats', async () => {
    const frames = Buffer.concat([
      await sharp(await scene())
        .raw()
        .toBuffer(),
      Buffer.alloc(WIDTH * HEIGHT * 3, 200),
    ])
    const raw = { width: WIDTH, height: HEIGHT * 2, channels: 3 as const, pageHeight: HEIGHT }
    const film = sharp(frames, { raw })
    const delay = [120, 340]
    const gif = await film.clone().gif({ delay, loop: 3 }).toBuffer()
    const comment = Buffer.concat([Buffer.from([0x21, 0xfe, SECRET.length]), Buffer.from(SECRET), Buffer.from([0])])
    const programs = Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from('XMP DataXMP'), comment.subarray(2)])
    const first = 13 + 3 * 2 ** ((gif[10]! & 7) + 1)
    const parts = [gif.subarray(0, first), comment, programs, gif.subarray(first), Buffer.from(SECRET)]
    const telling = Buffer.concat(parts)
    assert.deepEqual(await stripMetadata(telling, 'image/gif'), gif)

    const webp = await film.clone().withExif(EXIF).webp({ delay, loop: 3 }).toBuffer()
    assert.ok(webp.includes(SECRET))
    const stripped = await stripMetadata(webp, 'image/webp')
    await assertSilent(stripped)
    const { pages, delay: kept, loop } = await sharp(stripped, { animated: true }).metadata()
    assert.deepEqual([pages, kept, loop], [2, delay, 3])
    assert.deepEqual(await pixels(stripped), await pixels(webp))
  })

  it('formats it cannot take apart are encoded anew, if they tell anything', async () => {
    for (const [mime, encode] of [
      ['image/avif', (image: Sharp) => image.avif()],
      ['image/tiff', (image: Sharp) => image.tiff()],
    ] as const) {
      const stripped = await stripMetadata(await told(encode), mime)
      await assertSilent(stripped)
      const { width, height } = await sharp(stripped).metadata()
      assert.deepEqual([width, height], [WIDTH, HEIGHT], mime)
      const silent = await encode(sharp(await scene())).toBuffer()
      assert.equal(await stripMetadata(silent, mime), silent)
    }
  })

  it('what is no picture to its end is refused or encoded anew, never kept as it came', async () => {
    const bytes = await told((image) => image.png())
    await assert.rejects(stripMetadata(Buffer.from(SECRET), 'image/png'), { code: 'IMAGE_UNREADABLE' })
    const lying = await stripMetadata(bytes, 'image/jpeg')
    await assertSilent(lying)
  })
})
