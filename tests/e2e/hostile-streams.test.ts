import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { WebSocket } from 'ws'
import { call, DEADLINE_MS, sendRaw, type Frame } from '../support/index.ts'
import { room, INSIDES, assertRefused, nested, urls, me, other, itIsAllAsItWas } from '../support/hostile-world.ts'

describe('streams', () => {
  it('cannot be opened with tokens and tickets of nobody', async () => {
    const api = `${urls.gateway}/api`
    const ticketProblem = await call('GET', `${api}/stream?ticket=nobody`)
    assert.equal(assertRefused(ticketProblem, 'ticket', [401]).code, 'TICKET_INVALID')
    assertRefused(await call('GET', `${api}/stream?ticket=${'x'.repeat(300)}`), 'a long ticket', [422])
    assertRefused(await call('GET', `${api}/stream`), 'nothing', [401])
    assert.ok(
      [405].includes(
        (await fetch(`${api}/stream`, { method: 'HEAD', headers: { authorization: `Bearer ${me.token}` } })).status,
      ),
    )
    const { ticket } = await me.post<{ ticket: string }>('/stream/ticket')
    const first = new AbortController()
    const opened = await fetch(`${api}/stream?ticket=${ticket}`, { signal: first.signal })
    assert.equal(opened.status, 200)
    first.abort()
    assertRefused(await call('GET', `${api}/stream?ticket=${ticket}`), 'a used ticket', [401])
  })

  it('an upgrade that is no WebSocket hand-shake, or not at /ws', async () => {
    const shake =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    const auth = `Authorization: Bearer ${me.token}\r\n`
    const request = (line: string, headers: string) => `${line} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`
    const gateway = [
      request('GET /api/ws', shake),
      request('GET /api/ws?ticket=nobody', shake),
      request('GET /api/ws', `${auth}Connection: Upgrade\r\nUpgrade: websocket\r\n`),
      request('GET /api/ws', `${auth}${shake.replace('13', '99')}`),
      request('POST /api/ws', auth + shake),
      request('GET /api/ws', `${auth}Connection: Upgrade\r\nUpgrade: h2c\r\n`),
      request('GET /api/users', auth + shake),
      request('GET /api/auth', shake),
      request('GET /nowhere', shake),
      request('GET /api//', shake),
    ]
    const chat = [request('GET //', auth + shake), request('GET /elsewhere', auth + shake), request('GET /ws/x', shake)]
    for (const [url, requests] of [
      [urls.gateway, gateway],
      [urls.chat, chat],
    ] as const)
      for (const bytes of requests) {
        const answer = await sendRaw(url, bytes, { deadlineMs: 3_000 })
        assert.match(
          answer,
          /^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json[\s\S]*"trace_id":"[0-9a-f]{32}"/,
          answer,
        )
      }
  })

  it('hand-shakes are counted as requests are, those that are refused too', async () => {
    const counted = async (status: number): Promise<number> => {
      const text = await (await fetch(`${urls.chat}/metrics`)).text()
      const line = text
        .split('\n')
        .find((each) => /^http_requests_total\{.*path="\/ws"/.test(each) && each.includes(`status="${status}"`))
      return Number(line?.split(' ')[1] ?? 0)
    }
    const [opened, refused] = [await counted(101), await counted(401)]
    const shake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const headers = Object.entries(shake)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
    await sendRaw(urls.chat, `GET /ws?ticket=nobody HTTP/1.1\r\nHost: x\r\n${headers}\r\n`, { deadlineMs: 3_000 })
    const ws = new WebSocket(`${urls.chat.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${me.token}` },
    })
    await once(ws, 'open')
    ws.terminate()
    assert.deepEqual([await counted(101), await counted(401)], [opened + 1, refused + 1])
  })

  it('frames that are no commands are answered, each once, and the connection goes on', async (t) => {
    const ws = await me.ws(t)
    const bad = [
      '',
      '{',
      '[]',
      'null',
      '1',
      '"x"',
      '{}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":5}',
    ]
    bad.push('{"type":"send"}', '{"type":"send","room_id":1,"content":{}}', '{"type":"ping","ref":{"a":[]}}')
    bad.push(`{"type":"ping","ref":"${'x'.repeat(1_000)}"}`, `{"type":"x","ref":${nested(60_000)}}`, nested(60_000))
    bad.push(
      '{"type":"send","room_id":1,"content":"\\ud800"}',
      `{"type":"send","content":"${'가'.repeat(20_000)}","room_id":1}`,
    )
    bad.push('{"type":"read","room_id":1,"seq":-1}', '{"type":"react","room_id":1,"message_id":"msg_1_1","emoji":""}')
    for (const text of bad) ws.send(text)
    assert.equal((await ws.command({ type: 'ping' })).type, 'ack')
    const errors = () => ws.frames.filter(({ type }) => type === 'error')
    await ws.seen(() => errors().length === bad.length)
    for (const error of errors()) {
      assert.deepEqual([error.code, error.status], ['BAD_FRAME', 400], JSON.stringify(error))
      assert.match(String(error.detail), /[가-힣]/)
      assert.doesNotMatch(JSON.stringify(error), INSIDES)
    }
    const unknown = await ws.command({ type: 'edit', room_id: room.id, message_id: '../../x', content: 'x' })
    assert.deepEqual([unknown.type, unknown.code], ['error', 'MESSAGE_NOT_FOUND'])
  })

  it('in English too', async (t) => {
    const { openWs } = await import('../support/index.ts')
    const ws = await openWs(t, { url: `${urls.gateway}/api`, token: me.token, headers: { 'accept-language': 'en' } })
    assert.doesNotMatch(String((await ws.command({ type: 'nothing' })).detail), /[가-힣]/)
  })

  it('1000 pipelined bad commands get 1000 errors, and others are served meanwhile', async (t) => {
    const [ws, neighbour] = [await me.ws(t), await other.ws(t)]
    const all = Array.from({ length: 1_000 }, (_, i) =>
      ws.command(i % 2 === 0 ? { type: 'nothing' } : { type: 'send', room_id: 999_999, content: 'x' }, DEADLINE_MS),
    )
    assert.equal((await neighbour.command({ type: 'ping' })).type, 'ack')
    const answers: Frame[] = await Promise.all(all)
    assert.ok(answers.every(({ type }) => type === 'error'))
    assert.equal(new Set(answers.map(({ ref }) => ref)).size, 1_000)
  })

  it('binary frames, frames over 128 KiB, bad UTF-8 and broken framing close the connection', async (t) => {
    const binary = await me.ws(t)
    binary.send(Buffer.from([1, 2, 3]))
    assert.deepEqual(await binary.closed(), { code: 4502, reason: 'bad_frame' })
    const large = await me.ws(t)
    large.send(`{"type":"ping","ref":"${'x'.repeat(129 * 1024)}"}`)
    assert.equal((await large.closed()).code, 1009)
    for (const bytes of [
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.from('8183000000004fffff', 'hex'),
      Buffer.from([0x81, 0x7f]),
    ]) {
      const broken = await me.ws(t)
      const raw = (broken.socket as unknown as { _socket: { write(bytes: Buffer): void; end(): void } })._socket
      raw.write(bytes)
      if (bytes.length === 2) raw.end()
      const { code } = await broken.closed()
      assert.ok([1002, 1005, 1006, 1007].includes(code), String(code))
    }
    const unmasked = new WebSocket(`${urls.gateway.replace('http', 'ws')}/api/ws`, {
      headers: { authorization: `Bearer ${me.token}` },
    })
    const end = new Promise<number>((resolve) => unmasked.once('close', resolve))
    unmasked.once('open', () => unmasked.send('{}', { mask: false }))
    assert.equal(await end, 1002)
  })

  it('a request that follows on the connection of a stream is not answered into it: the connection ends', async () => {
    for (const [base, prefix] of [
      [urls.gateway, '/api'],
      [urls.chat, ''],
    ] as const) {
      const head = `HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${me.token}\r\n\r\n`
      const answer = await sendRaw(base, `GET ${prefix}/stream ${head}`, {
        followUp: `GET ${prefix}/chat-rooms ${head}`,
      })
      assert.match(answer, /^HTTP\/1\.1 200 OK/)
      assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1, answer)
      assert.doesNotMatch(answer, /next_cursor/)
    }
  })

  it('resume tokens of nobody', async (t) => {
    for (const token of ['garbage', '', '.', 'a.b.c', '…', 'x'.repeat(190), '0.zzzzzzzzzzz']) {
      const sse = await me.sse(t, Buffer.from(token).toString('latin1'))
      if (token === '') continue
      const resync = await sse.seen('resync_required')
      assert.deepEqual([resync.room_id, resync.reason], [null, 'unknown_token'])
      sse.cut()
    }
  })
})

itIsAllAsItWas()
