import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import { assertProblem, register, startTestServer } from '../support/index.ts'

const { urls, blobs } = await startTestServer({ after })
const minsu = await register(urls, '민수')

const SECRET = 'the-secret-place'
const GPS = { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 59/1' }

/** What a phone held upright writes. */
const photo = () =>
  sharp({ create: { width: 800, height: 600, channels: 3, background: '#fee500' } })
    .withExif({ IFD0: { Make: SECRET }, IFD3: GPS })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

const form = (bytes: Uint8Array, name: string, type: string) => {
  const data = new FormData()
  data.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return data
}
describe('uploads', () => {
  it('of pictures keep nothing of where and with what they were taken, on disk neither', async () => {
    const bytes = await photo()
    assert.ok(bytes.includes(SECRET))
    const answer = await minsu.call('POST', '/files', { body: form(bytes, '사진.jpg', 'image/jpeg') })
    assert.equal(answer.status, 201, answer.text)
    const file = answer.json() as { id: string; size: number; width: number; height: number }
    assert.deepEqual([file.width, file.height], [360, 480], 'upright')
    const headers = { authorization: `Bearer ${minsu.token}` }
    for (const path of [`/files/${file.id}`, `/files/${file.id}/thumbnail`]) {
      const download = await fetch(`${urls.gateway}/api${path}`, { headers })
      const got = Buffer.from(await download.arrayBuffer())
      assert.equal(download.headers.get('content-length'), String(got.length))
      assert.ok(!got.includes(SECRET), path)
      const { autoOrient } = await sharp(got).metadata()
      assert.ok(autoOrient.height > autoOrient.width, `${path} stands`)
      if (!path.endsWith('thumbnail')) assert.equal(file.size, got.length)
    }
    const image = await minsu.call('PUT', '/profile/me/image', { body: form(bytes, '나.jpg', 'image/jpeg') })
    assert.equal(image.status, 200, image.text)
    const files = await blobs()
    assert.equal(files.length, 3, 'picture, thumbnail, profile image')
    for (const content of files) assert.ok(!content.includes(SECRET))
  })

  it('that are too large are refused as such, however much too large they are, and nothing is kept', async () => {
    const before = (await blobs()).length
    const MB = 1024 * 1024
    for (const size of [10 * MB + 1, 10.2 * MB, 11 * MB, 40 * MB]) {
      const large = form(randomBytes(Math.floor(size)), '큰.bin', 'application/octet-stream')
      assertProblem(await minsu.call('POST', '/files', { body: large }), 413, 'FILE_TOO_LARGE')
    }
    for (const size of [5 * MB + 1, 6 * MB, 40 * MB]) {
      const large = form(randomBytes(Math.floor(size)), '나.png', 'image/png')
      assertProblem(await minsu.call('PUT', '/profile/me/image', { body: large }), 413, 'IMAGE_TOO_LARGE')
    }
    assert.equal((await blobs()).length, before)
  })

  it('of two files are refused whole, wherever they stand, and nothing is kept', async () => {
    const before = (await blobs()).length
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fee500' } })
      .png()
      .toBuffer()
    const big = Buffer.concat([png, Buffer.alloc(200_000)])
    for (const [method, path] of [
      ['POST', '/files'],
      ['PUT', '/profile/me/image'],
    ] as const)
      for (const first of [png, big])
        for (const name of ['file', 'another']) {
          const body = form(first, 'a.png', 'image/png')
          body.append('caption', '둘')
          body.append(name, new Blob([new Uint8Array(png)], { type: 'image/png' }), 'b.png')
          const answer = await minsu.call(method, path, { body })
          assert.deepEqual(
            [answer.status, (answer.json() as { code: string }).code],
            [400, 'ONE_FILE_EXPECTED'],
            answer.text,
          )
        }
    assert.equal((await blobs()).length, before)
    const alone = form(png, 'a.png', 'image/png')
    alone.append('caption', '하나')
    assert.equal((await minsu.call('POST', '/files', { body: alone })).status, 201)
  })

  it('without a name to be seen get one', async () => {
    const named = async (name: string, bytes: Uint8Array, type: string) =>
      ((await minsu.call('POST', '/files', { body: form(bytes, name, type) })).json() as { name: string }).name
    assert.equal(await named('\u200b', await photo(), 'image/jpeg'), 'file.jpg')
    assert.equal(await named('\u3164.md', Buffer.from('# 글'), 'text/plain'), 'file.md')
    assert.equal(await named('\u200b', Buffer.from('글'), 'text/plain'), 'file.txt')
  })

  it('of very many parts are not read to their end, wherever the file stands', async () => {
    const field = '--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nv\r\n'
    const file = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nv\r\n'
    /** What the process worked, in ms, for a form of 130,000 parts. */
    const work = async (before: string): Promise<number> => {
      const body = `${before}${field.repeat(130_000)}--b--\r\n`
      const started = process.cpuUsage()
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      const answer = await minsu.call('POST', '/files', { body, headers })
      assert.equal(answer.status, 400, answer.text)
      const { user, system } = process.cpuUsage(started)
      return (user + system) / 1_000
    }
    const least = async (before: string) => Math.min(await work(before), await work(before), await work(before))
    const [without, behind] = [await least(''), await least(file)]
    // Reading them all is six to twenty times the work.
    assert.ok(behind < 3 * without, `${behind} ms to ${without} ms`)
  })
})
