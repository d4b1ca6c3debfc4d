import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, it } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { userErrors, userEvents } from './contract/index.ts'
import { startService } from './user-service.fixture.ts'

const ROOT = join(import.meta.dirname, '../../..')

describe('user-service', () => {
  it('answers health and readiness', async (t) => {
    const { app } = await startService(t)
    assert.deepEqual((await app.inject('/health')).json(), { status: 'healthy', service: 'User Service' })
    assert.equal((await app.inject('/ready')).json<{ status: string }>().status, 'ready')
  })

  it('has a valid OpenAPI 3.1 document', async (t) => {
    const { app } = await startService(t)
    const document = (await app.inject('/openapi.json')).json<{ paths: Record<string, object>; openapi: string }>()
    assert.equal(document.openapi, '3.1.0')
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path)) as { operationId: string }[]
    assert.ok(operations.every((operation) => operation.operationId))
    const dir = tempDir(t)
    const file = join(dir, 'openapi.json')
    writeFileSync(file, JSON.stringify(document))
    const redocly = join(ROOT, 'node_modules/.bin/redocly')
    const lint = promisify(execFile)(process.execPath, [redocly, 'lint', '--extends=spec', file], {
      cwd: dir,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', NO_COLOR: '1' },
    })
    await lint.catch((error: { stdout: string; stderr: string }) => assert.fail(error.stdout + error.stderr))
  })

  it('throws every error it documents, and documents every one it throws', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => [file, readFileSync(join(import.meta.dirname, file), 'utf8')] as const)
    const uses = (pattern: RegExp, of: (file: string) => boolean) =>
      new Set(sources.filter(([file]) => of(file)).flatMap(([, text]) => [...text.matchAll(pattern)].map((m) => m[1]!)))
    const thrown = uses(/userErrors\.([A-Z_]+)\(/g, () => true)
    const documented = uses(/userErrors\.([A-Z_]+)\b(?!\()/g, (file) => file.endsWith('.http.ts'))
    assert.deepEqual([...thrown].sort(), Object.keys(userErrors).sort())
    assert.deepEqual([...documented].sort(), Object.keys(userErrors).sort())
  })

  it('defines each event once, with a summary and a key', () => {
    assert.equal(new Set(userEvents.map((event) => event.type)).size, userEvents.length)
    assert.ok(userEvents.every((event) => event.summary.length > 10 && event.source === '/user-service'))
  })

  it('closes twice without complaint and starts again on the same files', async (t) => {
    const first = await startService(t)
    const alice = await first.account('alice')
    await first.close()
    const second = await startService(t, { dir: first.dir })
    assert.equal((await second.signIn(alice.email)).id, alice.id)
  })
})
