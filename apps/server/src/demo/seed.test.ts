import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nullLogger } from '@bigtech/telemetry'
import { tempDir } from '@bigtech/testkit'
import { seedDemoData, type CallService } from './seed.ts'

test('a service that cannot serve yet is asked again, as the same request', async (t) => {
  const keys: (string | undefined)[] = []
  let id = 0
  const callService: CallService = async (_service, { method, url, headers }) => {
    if (method === 'POST' && url === '/chat-rooms') {
      keys.push(headers['idempotency-key'])
      if (keys.length < 3) return { status: 503, body: '{"code":"OUTCOME_UNKNOWN"}' }
    }
    const answer = { access_token: 'token', id: ++id, seq: id, items: [] }
    return { status: 200, body: JSON.stringify(answer) }
  }
  const settings = { NODE_ENV: 'development', DATA_DIR: tempDir(t) } as const
  await seedDemoData(callService, settings, nullLogger, new AbortController().signal)
  assert.equal(new Set(keys.slice(0, 3)).size, 1, 'one request in three tries')
  assert.ok(keys[0] !== undefined && keys[3] !== keys[0])
})
