import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { listen, named, open } from './upstream.fixture.ts'

/** Everything that is answered to these bytes. */
async function answersTo(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  return (await socket.setEncoding('utf8').toArray()).join('')
}

test('a body stays a body: Connection cannot take its length away', async (t) => {
  const seen: string[] = []
  const service = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body.length}`)
      response.end()
    })
  })
  const { port } = await open(t, [await listen(t, service)])
  const inner = 'GET /inner HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n'
  for (const method of ['GET', 'DELETE', 'POST']) {
    seen.length = 0
    const head = `${method} /outer HTTP/1.1\r\nHost: x\r\nConnection: close, Content-Length\r\n`
    await answersTo(port, `${head}Content-Length: ${inner.length}\r\n\r\n${inner}`)
    // Of another request on the same connection the service would know by now.
    await answersTo(port, 'GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.deepEqual(seen, [`${method} /outer ${inner.length}`, 'GET /next 0'])
  }
})

test('a request without a Host is answered, and one whose Connection names it', async (t) => {
  const { port } = await open(t, [await listen(t, createServer(named('a')))])
  assert.match(await answersTo(port, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.[01] 200 /)
  assert.match(
    await answersTo(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close, Host\r\n\r\n'),
    /^HTTP\/1\.1 200 /,
  )
})
