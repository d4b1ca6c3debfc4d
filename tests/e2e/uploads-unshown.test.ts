import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import { assertProblem, openDirect, registerAll, startTestServer } from '../support/index.ts'

const { urls } = await startTestServer({ after })
const [minsu, jiwoo] = await registerAll(urls, '민수', '지우')
const room = await openDirect(minsu, jiwoo)

type Stored = { id: string; name: string; type: string; size: number; has_thumbnail: boolean }
type Format = readonly [name: string, claimed: string, type: string, bytes: Buffer]

const upload = (name: string, type: string, bytes: Uint8Array) => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return minsu.call('POST', '/files', { body: form })
}

const red = sharp({ create: { width: 4, height: 4, channels: 3, background: '#f00' } })
const PNG = await red.clone().png().toBuffer()
const AVIF = await red.clone().avif().toBuffer()
const PLAIN = 'application/octet-stream'
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><script>alert(1)</script></svg>'

/** A file header of 14 bytes, BITMAPINFOHEADER of 40, and one row: a blue pixel, filled up to 4 bytes. */
function bmp(): Buffer {
  const bytes = Buffer.alloc(58)
  bytes.write('BM')
  const fields: readonly [value: number, at: number][] = [
    [58, 2],
    [54, 10],
    [40, 14],
    [1, 18],
    [1, 22],
    [4, 34],
    [255, 54],
  ]
  for (const [value, at] of fields) bytes.writeUInt32LE(value, at)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  return bytes
}

/** A folder of one picture, which is a PNG behind it. */
function ico(): Buffer {
  const folder = Buffer.from([0, 0, 1, 0, 1, 0, 4, 4, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 22, 0, 0, 0])
  folder.writeUInt32LE(PNG.length, 14)
  return Buffer.concat([folder, PNG])
}

/** Version 1, three channels of one pixel, 8 bits, RGB; no palette, resources or layers; not packed. */
function psd(): Buffer {
  const head = [0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 8, 0, 3]
  return Buffer.concat([Buffer.from('8BPS'), Buffer.from(head), Buffer.alloc(12), Buffer.from([0, 0, 255, 0, 0])])
}

/** The box that says what a file is, with its brands; then an empty one of data. What is inside, nobody here can read. */
function heic(): Buffer {
  const type = Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'latin1')
  return Buffer.concat([type, Buffer.from('\0\0\0\u0008mdat', 'latin1'), Buffer.from('GPS 37.5665, 126.978')])
}

const unshown: readonly Format[] = [
  ['그림.svg', 'image/svg+xml', PLAIN, Buffer.from(SVG)],
  ['선언.svg', 'image/svg+xml', PLAIN, Buffer.from(`<?xml version="1.0"?>\n${SVG}`)],
  ['그림.bmp', 'image/bmp', 'image/bmp', bmp()],
  ['그림.ico', 'image/vnd.microsoft.icon', 'image/x-icon', ico()],
  ['그림.psd', 'image/vnd.adobe.photoshop', 'image/vnd.adobe.photoshop', psd()],
  ['IMG_0001.HEIC', 'image/heic', 'image/heic', heic()],
  // Cut off, as one of a kind that cannot be decoded is for the decoder.
  ['깊은.avif', 'image/avif', 'image/avif', AVIF.subarray(0, -10)],
  ['그림.tga', 'image/x-tga', PLAIN, Buffer.alloc(40)],
]

describe('a picture that cannot be shown', () => {
  for (const [name, claimed, type, bytes] of unshown)
    it(`${name} (${claimed}) is a file: as it came, without a thumbnail, never shown by a browser`, async () => {
      const answer = await upload(name, claimed, bytes)
      assert.equal(answer.status, 201, answer.text)
      const file = answer.json() as Stored & { thumbnail_url: unknown; width: unknown }
      assert.deepEqual([file.name, file.type, file.size], [name, type, bytes.length])
      assert.deepEqual([file.has_thumbnail, file.thumbnail_url, file.width], [false, null, null])

      const asPicture = { message_type: 'image', file_id: file.id }
      assertProblem(await minsu.call('POST', `/messages/${room.id}`, { body: asPicture }), 400, 'FILE_WRONG_TYPE')
      const sent = await minsu.post<{ message_type: string; file: Stored }>(`/messages/${room.id}`, {
        message_type: 'file',
        file_id: file.id,
      })
      assert.deepEqual([sent.message_type, sent.file.has_thumbnail], ['file', false])

      const headers = { authorization: `Bearer ${jiwoo.token}` }
      const got = await fetch(`${urls.gateway}/api/files/${file.id}`, { headers })
      assert.deepEqual(Buffer.from(await got.arrayBuffer()), bytes)
      assert.equal(got.headers.get('content-type'), type)
      assert.match(got.headers.get('content-disposition') ?? '', /^attachment/)
      assert.equal(got.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(got.headers.get('content-security-policy'), "default-src 'none'; sandbox")
      assertProblem(await jiwoo.call('GET', `/files/${file.id}/thumbnail`), 404, 'FILE_NOT_FOUND')
    })

  it('and one that can is a picture: AVIF, TIFF', async () => {
    for (const [name, type, bytes] of [
      ['a.avif', 'image/avif', AVIF],
      ['a.tiff', 'image/tiff', await red.clone().tiff().toBuffer()],
    ] as const) {
      const file = (await upload(name, type, bytes)).json() as Stored
      assert.deepEqual([file.type, file.has_thumbnail], [type, true])
      await minsu.post(`/messages/${room.id}`, { message_type: 'image', file_id: file.id })
    }
  })
})

describe('a lie is refused in words that say what was claimed and what it is', () => {
  const said = async (name: string, type: string, bytes: Buffer, language: string) => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
    const answer = await minsu.call('POST', '/files', { body: form, headers: { 'accept-language': language } })
    const { code, detail } = answer.json() as { code: string; detail: string }
    return `${answer.status} ${code}: ${detail}`
  }
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(510)])

  it('a program as a PNG', async () => {
    assert.match(await said('a.png', 'image/png', program, 'ko'), /^415 FILE_UNREADABLE: PNG 사진.*EXE 파일입니다/)
    assert.match(await said('a.png', 'image/png', program, 'en'), /^415 FILE_UNREADABLE: .*PNG picture.*format EXE/)
  })
  it('text as a PNG', async () => {
    const text = Buffer.from('안녕')
    assert.match(
      await said('a.png', 'image/png', text, 'ko'),
      /^415 FILE_UNRECOGNISED: PNG 사진이라고 .*그런 사진이 아닙/,
    )
    assert.match(await said('a.png', 'image/png', text, 'en'), /^415 FILE_UNRECOGNISED: .*PNG picture/)
  })
  it('half a PNG is damaged', async () =>
    assert.match(await said('a.png', 'image/png', PNG.subarray(0, 60), 'ko'), /^400 IMAGE_UNREADABLE: .*손상/))
})
