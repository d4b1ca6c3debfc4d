import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnneeded, partsOf } from './unneeded.ts'

const UNNEEDED = [
  'node_modules/fastify/types/hooks.d.ts',
  'node_modules/kysely/dist/index.d.mts',
  'node_modules/pino/pino.js.map',
  'node_modules/ws/README.md',
  'node_modules/fastify/test/404s.test.js',
  'node_modules/@fastify/swagger-ui/examples/static-file.js',
  'node_modules/fast-json-stringify/node_modules/fast-uri/benchmark/package.json',
  'node_modules/@types/node/package.json',
  'node_modules/mediabunny/dist/bundles/mediabunny.cjs',
  'apps/web/src/main.ts',
  'apps/web/package.json',
  'apps/server/src/demo.test.ts',
  'packages/testkit/src/index.ts',
]
const NEEDED = [
  'node_modules/fastify/fastify.js',
  'node_modules/fastify/LICENSE',
  'node_modules/pino/lib/worker.js',
  // Code, in spite of its name: deeper in a package.
  'node_modules/yaml/dist/doc/Document.js',
  'node_modules/ajv/dist/compile/validate/docs/index.js',
  'node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so',
  'apps/web/dist',
  'apps/web/dist/index.html',
  'apps/server/src/main.ts',
  'services/chat-service/src/contract/errors.ts',
]

test('what a server never opens is left out, what it opens is not', () => {
  for (const path of UNNEEDED) assert.equal(isUnneeded(path, []), true, path)
  for (const path of NEEDED) assert.equal(isUnneeded(path, []), false, path)
})

test('parts are left out by name', () => {
  assert.deepEqual(partsOf(' speech, statistics'), ['speech', 'statistics'])
  assert.deepEqual(partsOf(''), [])
  assert.throws(() => partsOf('speach'), /no part speach; there are speech, statistics/)
  assert.equal(isUnneeded('node_modules/@duckdb/node-api/lib/index.js', ['speech']), false)
  assert.equal(isUnneeded('node_modules/@duckdb/node-api/lib/index.js', ['statistics']), true)
  assert.equal(isUnneeded('node_modules/@napi-rs/whisper/index.js', ['speech']), true)
})
