import assert from 'node:assert/strict'
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import type { Cleanup } from '@bigtech/testkit'
import type { Payload } from './domain/payload.ts'

export type Pushed = Readonly<{ device: string; payload: Payload; ttl: number; urgency: string; topic: string }>

/** What a browser would give and keep. */
type Device = Readonly<{ ecdh: ECDH; auth: Buffer }>

/**
 * How it fails: `silent` takes connections and says nothing, `nonsense` says what is no answer, `away` refuses connections.
 */
export type PushServiceState = 'well' | 'silent' | 'nonsense' | 'away'

/** What is no answer, and the ways in which it is none. */
const NONSENSE: readonly (string | Buffer)[] = [
  Buffer.from('00ff17030300', 'hex'),
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\n',
  'HTTP/1.1 302 Found\r\nLocation: /sign-in\r\nContent-Length: 0\r\n\r\n',
  `HTTP/1.1 503 No\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(50_000)}`,
  'HTTP/1.1 999 Nonsense\r\n\r\n',
  `HTTP/1.1 200 OK\r\nX-Endless: ${'x'.repeat(50_000)}`,
]

/**
 * A push service of RFC 8030 with the devices behind it: it checks who pushes (VAPID, RFC 8292) and decrypts as a browser does (RFC 8291), both with
 * nothing but node:crypto.
 * @param options.answer what is answered instead of 201, decided by the device; nothing: it is accepted
 */
export async function startPushService(
  t: Cleanup,
  publicKey: () => string,
  options: {
    answer?: (device: string) => { status: number; headers?: Record<string, string> } | undefined
    /** Told of each message when it has come to its device. */
    took?: (pushed: Pushed) => void
  } = {},
) {
  const devices = new Map<string, Device>()
  const pushed: Pushed[] = []
  const server = createServer((request, response) => {
    void take(request).then(
      ({ status, headers = {} }) => response.writeHead(status, headers).end(),
      (error: unknown) => response.writeHead(400).end(String(error)),
    )
  })
  let origin = ''

  async function take(request: IncomingMessage): Promise<{ status: number; headers?: Record<string, string> }> {
    const name = request.url!.slice(1)
    const body = await buffer(request)
    checkVapid(request.headers.authorization ?? '', publicKey(), origin)
    assert.equal(request.headers['content-encoding'], 'aes128gcm')
    assert.ok(body.length <= 4_096, 'RFC 8030: no more need be taken')
    const refusal = options.answer?.(name)
    if (refusal) return refusal
    const device = devices.get(name)
    if (!device) return { status: 410 }
    const payload = JSON.parse(decrypt(body, device).toString()) as Payload
    const { ttl, urgency = '', topic = '' } = request.headers as Record<string, string>
    assert.match(topic, /^[\w-]{1,32}$/)
    const one = { device: name, payload, ttl: Number(ttl), urgency, topic }
    pushed.push(one)
    options.took?.(one)
    return { status: 201 }
  }

  let state: PushServiceState = 'well'
  let tried = 0
  let most = 0
  const sockets = new Set<Socket>()
  const door = createTcpServer((socket) => {
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (state === 'well') server.emit('connection', socket)
    else
      socket.once('data', () => {
        tried++
        if (state === 'nonsense') socket.write(NONSENSE[tried % NONSENSE.length]!)
      })
  })
  const listen = (port: number) => new Promise<void>((resolve) => void door.listen(port, '127.0.0.1', resolve))
  const shut = () =>
    new Promise<void>((resolve) => {
      door.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  await listen(0)
  const { port } = door.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
  t.after(async () => {
    if (door.listening) await shut()
  })
  return {
    origin,
    pushed,
    /** Connections that were there and cannot stay as they are end. */
    async become(next: PushServiceState): Promise<void> {
      if (door.listening) await shut()
      state = next
      if (next !== 'away') await listen(port)
    },
    /** Messages that came while it was silent or said nonsense, and how many connections there were at most at a time. */
    seen: () => ({ tried, most }),
    /** What `PushManager.subscribe()` gives the page of a device. */
    subscribe(name: string) {
      const ecdh = createECDH('prime256v1')
      const auth = randomBytes(16)
      const p256dh = ecdh.generateKeys('base64url')
      devices.set(name, { ecdh, auth })
      return { endpoint: `${origin}/${name}`, keys: { p256dh, auth: auth.toString('base64url') } }
    },
    forget: (name: string) => void devices.delete(name),
  }
}

/** RFC 8292: a token of the server's for this push service, signed with the key that devices subscribed with. */
function checkVapid(header: string, publicKey: string, origin: string): void {
  const [, token = '', key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
  assert.equal(key, publicKey)
  const [head, claims, signature] = token.split('.')
  const point = Buffer.from(publicKey, 'base64url')
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }
  const verified = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature!, 'base64url'),
  )
  assert.ok(verified, 'the token is not signed with the key')
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, string | number>
  assert.equal(aud, origin)
  const left = Number(exp) - Date.now() / 1_000
  assert.ok(left > 0 && left <= 24 * 3_600, 'RFC 8292: a day at most')
  assert.match(String(sub), /^(mailto:|https:)/)
}

/** RFC 8291 section 3.4 over RFC 8188: one record. */
function decrypt(body: Buffer, { ecdh, auth }: Device): Buffer {
  const salt = body.subarray(0, 16)
  const keyLength = body[20]!
  const theirs = body.subarray(21, 21 + keyLength)
  const record = body.subarray(21 + keyLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), theirs])
  const secret = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(theirs), auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const cipher = createDecipheriv('aes-128-gcm', key, nonce)
  cipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2))
}
