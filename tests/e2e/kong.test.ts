import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROUTES } from '@bigtech/server/routes'
import { parse } from 'yaml'

type Kong = {
  _format_version: string
  routes: { paths: string[]; plugins: { name: string; config: { status_code: number } }[] }[]
  services: {
    name: string
    url: string
    routes: { paths: string[]; plugins?: { config: { replace: { uri: string } } }[] }[]
  }[]
}

const kong = parse(readFileSync(join(import.meta.dirname, '../../infrastructure/docker/kong/kong.yml'), 'utf8'), {
  merge: true,
}) as Kong

test('Kong has the routes of the gateway, and cuts off /api and no more', () => {
  const routes: Record<string, string> = {}
  for (const { url, routes: of } of kong.services)
    for (const { paths, plugins } of of)
      for (const path of paths) {
        if (!path.startsWith('~')) continue
        assert.equal(plugins?.[0]?.config.replace.uri, '/$(uri_captures.rest)')
        // Kong's expressions are Rust's: the same here but for the mark in front.
        const pattern = new RegExp(`^${path.slice(1)}`)
        const service = new URL(url).hostname.replace('-service', '')
        for (const segment of Object.keys(ROUTES)) {
          if (!pattern.test(`/api/${segment}`)) continue
          routes[segment] = service
          assert.equal(pattern.exec(`/api/${segment}/1?x=2`)!.groups!['rest'], `${segment}/1?x=2`)
          assert.equal(pattern.test(`/api/${segment}x`), false)
        }
      }
  assert.deepEqual(routes, ROUTES)
  assert.ok(kong.services.some(({ name }) => name === 'gateway'))
})

test('services are asked at the ports of the documents', () => {
  const ports = Object.fromEntries(kong.services.map(({ url }) => [new URL(url).hostname, new URL(url).port]))
  assert.deepEqual(ports, {
    'user-service': '8005',
    'friend-service': '8003',
    'chat-service': '8002',
    'notification-service': '8004',
    'ai-service': '8006',
    'analytics-service': '8007',
    gateway: '8080',
  })
})

test('what is for probes and Prometheus is refused, and nothing that begins like it', () => {
  const [{ paths, plugins }] = kong.routes as [Kong['routes'][0]]
  assert.deepEqual(plugins, [{ name: 'request-termination', config: { status_code: 404 } }])
  const pattern = new RegExp(`^${paths[0]!.slice(1)}`)
  const refused = ['/ready', '/metrics', '/ready/', '/health', '/readyx', '/api/ops/metrics'].filter((path) =>
    pattern.test(path),
  )
  assert.deepEqual(refused, ['/ready', '/metrics', '/ready/'])
})
