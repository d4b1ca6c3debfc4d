import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { test } from 'node:test'
import { openServer } from './server.fixture.ts'

/** Of Node's parser; CONNECT and what upgrades have ways of their own. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'PURGE', 'TRACE', 'LINK']

/** Whatever is answered, a refused connection included. */
function send(url: string, method: string, path: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      answer.resume()
      answer.on('close', resolve)
    })
    sent.on('error', () => resolve())
    sent.end()
  })
}

test('requests that somebody makes up add no series, and nothing of them is in a label', async (t) => {
  const { server, call, person } = await openServer(t)
  const { token } = await person('mallory')
  const urls = Object.values(server.urls)
  const series = async () => {
    const texts = await Promise.all(urls.map(async (url) => (await call<string>('GET', `${url}/metrics`)).text))
    return new Set(
      texts
        .flatMap((text) => text.split('\n'))
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/ \S+$/, ''))
        // What the process happens to be busy with; its kinds are Node's.
        .filter((line) => !line.startsWith('nodejs_')),
    )
  }
  const hostile = async (mark: string) => {
    const id = String(Number.parseInt(mark.slice(0, 6), 16))
    const paths = [
      `/${mark}`,
      `/api/${mark}/../${mark}?${mark}=1`,
      `/api/messages/${id}`,
      `/messages/${id}`,
      `/api/friends/requests/${mark}/accept`,
      `/chat-rooms/${mark}%00`,
      `/api/%ff${mark}`,
      `/api/users/search?q=${mark}`,
      `/${'a'.repeat(2_000)}${mark}`,
    ]
    for (const url of urls)
      for (const path of paths)
        for (const method of METHODS)
          await send(url, method, path, {
            authorization: `Bearer ${token}`,
            'user-agent': mark,
            'x-forwarded-for': mark,
            host: `${mark}.example`,
            traceparent: mark,
          })
  }
  // The scrapes are requests themselves.
  await series()
  await hostile(randomBytes(8).toString('hex'))
  const before = await series()
  const mark = randomBytes(8).toString('hex')
  await hostile(mark)
  const after = await series()
  assert.deepEqual(
    [...after].filter((one) => !before.has(one)),
    [],
  )
  assert.ok(after.size < 3_000, `${after.size} series`)
  for (const one of after) {
    assert.ok(!one.includes(mark), one)
    if (one.startsWith('http_requests_total'))
      assert.match(one, /method="(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other)"/)
  }
})
