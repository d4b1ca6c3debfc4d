import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Document } from '@bigtech/http'
import { createTestClock } from '@bigtech/testkit'
import { bareHost } from '../bare-host.fixture.ts'
import { openRemote, openService } from '../ops/service-ops.fixture.ts'
import { createApiDocuments } from './api-documents.ts'

async function open(t: TestContext) {
  const clock = createTestClock()
  const service = await openService(t)
  let asked = 0
  const counted = {
    ...service.ops,
    document() {
      asked++
      return service.ops.document()
    },
  }
  const { remote, internal } = await openRemote(t, { ops: counted })
  const document = createApiDocuments({ 'friend-service': [remote] }, clock)
  const gateway = await bareHost(t, {
    document,
    service: { name: 'gateway', title: 'Gateway', description: 'All services.' },
  })
  const read = async (url = '/openapi.json') => {
    const document = (await gateway.inject({ url })).json<Document & { info: { description: string } }>()
    return { paths: Object.keys(document.paths!), description: document.info.description }
  }
  return { clock, read, asked: () => asked, stop: () => internal.close() }
}

const FRIENDS = '/api/friends'

test('operations of other processes are in the document; it is fetched again after a minute', async (t) => {
  const { clock, read, asked } = await open(t)
  const [first, shown] = await Promise.all([read(), read('/docs/json')])
  assert.ok(first.paths.includes(FRIENDS) && first.paths.includes('/health'))
  assert.deepEqual(shown, first, 'Swagger UI shows the same')
  assert.equal(first.description, 'All services.')
  clock.advance(59_000)
  await read()
  assert.equal(asked(), 1)
  clock.advance(2_000)
  await read()
  assert.equal(asked(), 2)
})

test('a service that went away keeps what it said last', async (t) => {
  const { clock, read, stop } = await open(t)
  await read()
  await stop()
  clock.advance(61_000)
  const { paths, description } = await read()
  assert.ok(paths.includes(FRIENDS))
  assert.equal(description, 'All services.')
})

test('a service that never answered is left out, and named', async (t) => {
  const { read, stop } = await open(t)
  await stop()
  const { paths, description } = await read()
  assert.ok(!paths.includes(FRIENDS))
  assert.match(description, /^All services\.\n\nNot in this document,.*: friend-service\.$/)
  assert.deepEqual(await read('/docs/json'), { paths, description })
})
