import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRedisUrl } from './url.ts'

test('one server, a group under sentinels, a cluster', () => {
  assert.deepEqual(parseRedisUrl('rediss://u:p@db.example.com:6380/2'), {
    kind: 'single',
    url: 'rediss://u:p@db.example.com:6380/2',
  })
  assert.deepEqual(parseRedisUrl('redis+sentinel://:p%40ss@a:1,b/main'), {
    kind: 'sentinel',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 6379 },
    ],
    group: 'main',
    password: 'p@ss',
  })
  assert.deepEqual(parseRedisUrl('redis+cluster://u:p@a:1,b:2'), {
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ],
    username: 'u',
    password: 'p',
  })
})

test('anything else says what was expected', () => {
  for (const url of [
    '',
    'localhost:6379',
    'http://a',
    'redis://a,b',
    'redis+cluster://',
    'redis+sentinel://a:1',
    'redis+cluster://a/1',
    'redis+cluster://a,,b',
  ])
    assert.throws(() => parseRedisUrl(url), TypeError, url)
})
