import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'

import { assertRefused, itIsAllAsItWas, me, system } from '../support/hostile-world.ts'

describe('files', () => {
  const LIMIT = 10 * 1024 * 1024
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    // Decoders refuse a wrong checksum before anything else: these are right.
    const body = Buffer.concat([Buffer.from(type), data])
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, checksum])
  }
  const bomb = () => {
    const side = 20_000
    const header = Buffer.alloc(13)
    header.writeUInt32BE(side, 0)
    header.writeUInt32BE(side, 4)
    header.set([1, 0, 0, 0, 0], 8)
    const rows = Buffer.alloc((side / 8 + 1) * side)
    return Buffer.concat([png, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
  }
  const form = (bytes: Buffer | string, name: string, type: string) => {
    const data = new FormData()
    data.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], { type }), name)
    return data
  }
  const uploads = [
    ['POST', '/files'],
    ['PUT', '/profile/me/image'],
  ] as const
  const blobs = async () => (await system.blobs()).length

  const lies: [string, () => FormData, number[]][] = [
    ['text that says it is a PNG', () => form('안녕', 'a.png', 'image/png'), [415]],
    ['a JPEG that is none after its first bytes', () => form(jpeg(), 'a.jpg', 'image/jpeg'), [400, 415]],
    ['a PNG that ends early', () => form(Buffer.concat([png, Buffer.alloc(60)]), 'a.png', 'image/png'), [400, 415]],
    ['a PNG of 400 megapixels in a few kB', () => form(bomb(), 'a.png', 'image/png'), [400, 415]],
    ['nothing', () => form('', 'a.png', 'image/png'), [400]],
    ['nothing, as text', () => form('', 'a.txt', 'text/plain'), [400]],
    ['one byte too many', () => form(Buffer.alloc(LIMIT + 1, 1), 'a.bin', 'image/png'), [413]],
    ['a program that says it is a PNG', () => form(program(), 'a.png', 'image/png'), [415]],
    ['a program that says it is an SVG', () => form(program(), 'a.svg', 'image/svg+xml'), [415]],
    ['HTML that says it is an image', () => form('<html><script>', 'a.html', 'image/svg+xml'), [415]],
  ]
  for (const [method, path] of uploads) {
    for (const [what, body, statuses] of lies)
      it(`${path}: ${what}`, async () => {
        const before = await blobs()
        assertRefused(await me.call(method, path, { body: body() }), what, statuses)
        assert.equal(await blobs(), before, 'something was left behind')
      })

    it(`${path}: forms that are none`, async () => {
      const before = await blobs()
      const part =
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
      const type = 'multipart/form-data; boundary=b'
      const bodies: [string, string, number[]][] = [
        ['no boundary', 'multipart/form-data', [400]],
        ['cut off in the file', type, [400]],
        ['cut off in a header', type, [400]],
        ['no form', type, [400]],
        ['only a field', type, [400]],
        ['no body', type, [400]],
        ['__proto__', type, [400]],
        ['JSON', 'application/json', [400, 415]],
        ['JSON that is none', 'application/json', [400, 415]],
        ['another type', 'application/x-tar', [400, 415]],
      ]
      const texts: Record<string, string> = {
        'no boundary': part,
        'cut off in the file': `${part}${png.toString('latin1')}`,
        'cut off in a header': '--b\r\nContent-Disposition: form-da',
        'no form': 'garbage',
        'only a field': '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nabc\r\n--b--\r\n',
        'no body': '',
        __proto__: '--b\r\nContent-Disposition: form-data; name="__proto__"; filename="a"\r\n\r\nq\r\n--b--\r\n',
        JSON: '{}',
        'JSON that is none': '{',
        'another type': 'x',
      }
      for (const [what, contentType, statuses] of bodies) {
        const headers = { 'content-type': contentType }
        const body = Object.hasOwn(texts, what) ? texts[what] : ''
        assertRefused(await me.call(method, path, { body, headers }), `${path}, ${what}`, statuses)
      }
      assert.equal(await blobs(), before, 'something was left behind')
    })
  }

  it('names are names, never paths', async () => {
    for (const name of [
      '../../../etc/passwd',
      '..\\..\\boot.ini',
      '/etc/passwd',
      'a\u202egnp.exe',
      '..',
      '',
      'x'.repeat(400),
    ]) {
      const answer = await me.call('POST', '/files', { body: form('글', name, 'text/plain') })
      if (answer.status >= 400) {
        assertRefused(answer, name, [400])
        continue
      }
      const stored = (answer.json() as { name: string }).name
      assert.doesNotMatch(stored, /[/\\\u202e]|^\.+$|^$/)
      assert.ok(stored.length <= 150)
    }
  })

  it('and ids are ids', async () => {
    for (const id of ['..%2f..%2fkeys.json', '%2e%2e', 'tmp', encodeURIComponent('/etc/passwd'), '%00'])
      for (const path of [`/files/${id}`, `/files/${id}/thumbnail`])
        assertRefused(await me.call('GET', path), path, [400, 404, 422])
  })
})

function jpeg(): Buffer {
  return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(5_000, 0xab)])
}

function program(): Buffer {
  return Buffer.concat([Buffer.from('MZ'), Buffer.alloc(510)])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

itIsAllAsItWas()
