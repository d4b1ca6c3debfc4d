import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import fastify, { type RouteOptions } from 'fastify'
import { serveWebClient } from './web-client.ts'

const PAGE = '<!doctype html><title>page</title>'
const browser = { accept: 'text/html,application/xhtml+xml' }

async function open(t: Cleanup, built = true) {
  const dist = tempDir(t)
  if (built) {
    mkdirSync(join(dist, 'assets'))
    writeFileSync(join(dist, 'index.html'), PAGE)
    writeFileSync(join(dist, 'icon.svg'), '<svg/>')
    writeFileSync(join(dist, 'worker.js'), 'self')
    writeFileSync(join(dist, 'assets/index-abc.js'), 'export {}')
    writeFileSync(join(dist, '../secret.txt'), 'secret')
    writeFileSync(join(dist, '.sources'), 'secret')
  }
  const app = fastify()
  t.after(() => app.close())
  const wildcards: RouteOptions[] = []
  app.addHook('onRoute', (route) => void (route.url === '/*' && wildcards.push(route)))
  await serveWebClient(app, dist)
  const get = (url: string, headers: Record<string, string> = browser) => app.inject({ url, headers })
  /** Whether other methods of this address are told that GET is there. */
  const serves = (url: string, headers: Record<string, string> = {}) =>
    wildcards[0]!.config!.serves!({ url, headers } as IncomingMessage)
  return Object.assign(get, { serves })
}

describe('the web client', () => {
  it('has one page for all its addresses, asked for anew each time, that runs only its own scripts', async (t) => {
    const get = await open(t)
    for (const url of ['/', '/rooms/7?at=3', '/reset-password?token=x', '/join/abc']) {
      const answer = await get(url)
      assert.deepEqual([answer.statusCode, answer.body], [200, PAGE], url)
      assert.match(String(answer.headers['content-security-policy']), /script-src 'self';.*frame-ancestors 'none'/)
      assert.equal(answer.headers['cache-control'], 'no-cache')
    }
  })

  it('has files, of which those named by their content are kept for ever', async (t) => {
    const get = await open(t)
    const script = await get('/assets/index-abc.js', {})
    assert.match(String(script.headers['content-type']), /javascript/)
    assert.match(String(script.headers['cache-control']), /immutable/)
    const icon = await get('/icon.svg', {})
    assert.deepEqual([icon.statusCode, icon.headers['cache-control']], [200, 'no-cache'])
  })

  it('has a service worker that may ask its own server, and is asked for anew each time', async (t) => {
    const { headers } = await (await open(t))('/worker.js', {})
    assert.match(String(headers['content-type']), /javascript/)
    assert.deepEqual(
      [headers['content-security-policy'], headers['cache-control']],
      ["default-src 'none'; connect-src 'self'", 'no-cache'],
    )
  })

  it('is not what programs get for a wrong address, nor what stands for a file that is gone', async (t) => {
    const get = await open(t)
    assert.equal((await get('/rooms/7', { accept: 'application/json' })).statusCode, 404)
    for (const url of ['/api/nothing', '/docs/x', '/assets/index-old.js', '/metrics/x'])
      assert.equal((await get(url)).statusCode, 404, url)
  })

  it('gives nothing outside of its folder', async (t) => {
    const get = await open(t)
    for (const url of [
      '/.sources',
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
    ])
      assert.doesNotMatch((await get(url, {})).body, /secret$/, url)
  })

  it('knows which addresses it has, for those who come with another method', async (t) => {
    const get = await open(t)
    const there = ['/', '/?x=1', '/index.html', '/icon.svg', '/assets/index-abc.js']
    for (const url of there) assert.deepEqual([get.serves(url), (await get(url, {})).statusCode], [true, 200], url)
    for (const url of ['/nothing.png', '/assets/other.js', '/.sources', '/rooms/7'])
      assert.deepEqual([get.serves(url), (await get(url, {})).statusCode], [false, 404], url)
    assert.equal(get.serves('/rooms/7', browser), true)
    for (const url of ['/api/x', '/docs/x', '/assets/x']) assert.equal(get.serves(url, browser), false, url)
  })

  it('says that it is missing where it was not built', async (t) => {
    const get = await open(t, false)
    assert.match((await get('/')).body, /웹 클라이언트/)
  })
})
