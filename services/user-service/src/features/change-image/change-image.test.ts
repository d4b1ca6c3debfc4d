import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { AppError } from '@bigtech/kernel'
import { storageErrors } from '@bigtech/sql'
import sharp from 'sharp'
import type { UserStore } from '../../ports.ts'
import { bearer, startService, type Account, type TestService } from '../../user-service.fixture.ts'
import { changeImage } from './change-image.ts'

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fee500' } })

const put = ({ app }: TestService, who: Account, body: Buffer, type: string) =>
  app.inject({
    method: 'PUT',
    url: '/profile/me/image',
    payload: body,
    headers: { ...bearer(who), 'content-type': type },
  })

function form(body: Buffer, type: string) {
  const boundary = 'x-test-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="me.png"\r\ncontent-type: ${type}\r\n\r\n`
  return {
    payload: Buffer.concat([Buffer.from(head), body, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    type: `multipart/form-data; boundary=${boundary}`,
  }
}

const blobsIn = async (dir: string) =>
  (await readdir(join(dir, 'profile-images'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length

describe('profile image', () => {
  it('is stored as a small WebP and served to everybody', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const answer = await put(service, alice, await picture(2000, 1000).png().toBuffer(), 'image/png')
    assert.equal(answer.statusCode, 200, answer.body)
    const { profile_image_url } = answer.json<{ profile_image_url: string }>()
    assert.match(profile_image_url, /^\/api\/users\/1\/image\?v=[0-9a-f]{12}$/)
    const image = await service.app.inject(profile_image_url.replace('/api', ''))
    assert.equal(image.statusCode, 200)
    assert.equal(image.headers['content-type'], 'image/webp')
    assert.equal(image.headers['x-content-type-options'], 'nosniff')
    const { width, height, format } = await sharp(image.rawPayload).metadata()
    assert.deepEqual([width, height, format], [512, 256, 'webp'])
  })

  it('takes a multipart form, replaces the old image and can be removed', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const urls = new Set<string>()
    for (const image of [await picture(10, 10).jpeg().toBuffer(), await picture(20, 20).jpeg().toBuffer()]) {
      const { payload, type } = form(image, 'image/jpeg')
      const answer = await put(service, alice, payload, type)
      assert.equal(answer.statusCode, 200, answer.body)
      urls.add(answer.json<{ profile_image_url: string }>().profile_image_url)
    }
    assert.equal(urls.size, 2)
    assert.equal(await blobsIn(service.dir), 1, 'the old one is gone')
    const removed = await service.app.inject({ method: 'DELETE', url: '/profile/me/image', headers: bearer(alice) })
    assert.equal(removed.json<{ profile_image_url: null }>().profile_image_url, null)
    assert.equal((await service.app.inject(`/users/${alice.id}/image`)).statusCode, 404)
    assert.equal(await blobsIn(service.dir), 0)
  })

  it('goes by the bytes: what lies about its type is 415', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const png = await picture(10, 10).png().toBuffer()
    const html = Buffer.from('<html><script>alert(1)</script></html>')
    for (const [body, type] of [
      [html, 'image/png'],
      [png, 'image/jpeg'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ] as const) {
      const raw = await put(service, alice, body, type)
      assert.equal(raw.statusCode, 415, type)
      assert.equal(raw.json<{ code: string }>().code, 'IMAGE_TYPE_UNSUPPORTED')
      const multipart = form(body, type)
      assert.equal((await put(service, alice, multipart.payload, multipart.type)).statusCode, 415)
    }
    assert.equal((await put(service, alice, png, 'application/octet-stream')).statusCode, 200)
    assert.equal((await put(service, alice, png, 'text/plain')).statusCode, 415)
  })

  it('keeps a picture of which nobody knows whether it became the profile’s, and none that did not', async (t) => {
    const service = await startService(t)
    const { id } = await service.account('alice')
    const { blobs, clock, db } = service
    const bytes = await picture(300, 300).png().toBuffer()
    const change = (failure: AppError) => {
      const store: UserStore = {
        ...db.store,
        async transaction(work) {
          if (failure.code === 'STORAGE_UNCERTAIN') await db.store.transaction(work)
          throw failure
        },
      }
      const profiles = { get: async () => [], forget: async () => {} }
      const ports = { store, blobs, clock, profiles, imageUrl: () => null }
      return assert.rejects(changeImage(ports, id, { bytes, declaredType: 'image/png' }), failure)
    }
    await change(storageErrors.STORAGE_UNAVAILABLE())
    assert.equal(await blobsIn(service.dir), 0)
    await change(storageErrors.STORAGE_UNCERTAIN())
    assert.equal(await blobsIn(service.dir), 1)
    const shown = await service.app.inject({ url: `/users/${id}/image` })
    assert.equal(shown.statusCode, 200)
  })

  it('refuses what is too large, broken, a bomb or missing, and keeps nothing of it', async (t) => {
    const service = await startService(t)
    const alice = await service.account('alice')
    const large = Buffer.concat([await picture(10, 10).png().toBuffer(), Buffer.alloc(5 * 1024 * 1024)])
    const tooLarge = await put(service, alice, large, 'image/png')
    assert.equal(tooLarge.statusCode, 413)
    const multipart = form(large, 'image/png')
    assert.equal((await put(service, alice, multipart.payload, multipart.type)).statusCode, 413)
    const png = await picture(300, 300).png().toBuffer()
    const broken = await put(service, alice, png.subarray(0, 80), 'image/png')
    assert.equal(broken.statusCode, 400)
    assert.equal(broken.json<{ code: string }>().code, 'IMAGE_UNREADABLE')
    const bomb = await picture(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer()
    assert.ok(bomb.length < 1024 * 1024)
    assert.equal((await put(service, alice, bomb, 'image/png')).statusCode, 400)
    assert.equal((await put(service, alice, Buffer.alloc(0), 'image/png')).statusCode, 400)
    const empty = 'multipart/form-data; boundary=b'
    assert.equal((await put(service, alice, Buffer.from('--b--\r\n'), empty)).statusCode, 400)
    assert.equal(await blobsIn(service.dir), 0)
    assert.equal((await service.app.inject({ method: 'PUT', url: '/profile/me/image' })).statusCode, 401)
  })
})
