import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import { download } from './files.ts'

const CONTENT = Buffer.alloc(300_000, 'whisper')
const sha256 = createHash('sha256').update(CONTENT).digest('hex')

async function open(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { file: { url, size: CONTENT.length, sha256 }, path: join(tempDir(t), 'model.bin') }
}

test('a download that broke off is gone on with, and has its name only when it is whole', async (t) => {
  const ranges: unknown[] = []
  const { file, path } = await open(t, ({ headers: { range } }, response) => {
    ranges.push(range)
    if (range === undefined) {
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 100_000))
      // Not before something of it is kept: what came and was not written yet is lost with the connection.
      const kept = () => assert.ok(statSync(`${path}.part`).size > 0)
      return void eventually(kept).finally(() => response.destroy())
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range)![1])
    return void response.writeHead(206).end(CONTENT.subarray(from))
  })
  await assert.rejects(
    download(file, path, () => {}),
    /terminated/,
  )
  assert.ok(!existsSync(path))
  let last = 0
  await download(file, path, (bytes) => void (last = bytes))
  assert.deepEqual(readFileSync(path), CONTENT)
  assert.equal(last, CONTENT.length)
  assert.match(String(ranges[1]), /^bytes=\d+-$/)
  assert.ok(!existsSync(`${path}.part`))
})

test('a server that knows no ranges begins anew', async (t) => {
  const { file, path } = await open(t, (_request, response) => void response.end(CONTENT))
  writeFileSync(`${path}.part`, CONTENT.subarray(0, 1_000))
  await download(file, path, () => {})
  assert.deepEqual(readFileSync(path), CONTENT)
})

test('another file of the same size is thrown away', async (t) => {
  const { file, path } = await open(t, (_request, response) => void response.end(Buffer.alloc(CONTENT.length)))
  await assert.rejects(
    download(file, path, () => {}),
    /SHA-256/,
  )
  assert.ok(!existsSync(path) && !existsSync(`${path}.part`))
})

test('too much, an error and silence have their words', async (t) => {
  const long = await open(t, (_request, response) => void response.end(Buffer.alloc(CONTENT.length + 1)))
  await assert.rejects(
    download(long.file, long.path, () => {}),
    /more than the file has/,
  )
  const missing = await open(t, (_request, response) => void response.writeHead(404).end())
  await assert.rejects(
    download(missing.file, missing.path, () => {}),
    /answered 404/,
  )
  const silent = await open(t, () => {})
  await assert.rejects(
    download(silent.file, silent.path, () => {}, 200),
    /nothing came for 0.2 s/,
  )
})
