import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { spawnProgram, tempDir } from '@bigtech/testkit'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

for (const file of ['README.md', 'README.ko.md']) {
  test(`the curl tour of ${file} works as printed`, async (t) => {
    const tour = /<!-- tour -->\n```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, file), 'utf8'))?.[1]
    assert.ok(tour)
    const server = await spawnProgram(t, {
      file: join(root, 'apps/server/src/main.ts'),
      env: {
        DATA_DIR: tempDir(t),
        DEMO_DATA: 'false',
        LOG_LEVEL: 'warn',
        GATEWAY_PORT: '0',
        USER_SERVICE_PORT: '0',
        FRIEND_SERVICE_PORT: '0',
        CHAT_SERVICE_PORT: '0',
        NOTIFICATION_SERVICE_PORT: '0',
        AI_SERVICE_PORT: '0',
        ANALYTICS_SERVICE_PORT: '0',
      },
      ready: /Ready after/,
    })
    const [, gateway] = await server.line(/BigTech Chat +(http:\/\/[^/\s]+)\//)
    const script = tour.replace('http://localhost:8080', gateway!)
    assert.notEqual(script, tour)
    // As people have it: the node that runs this test is on the PATH.
    const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
    const { stdout } = await run('bash', ['-euc', script], { env: { ...process.env, PATH }, timeout: 30_000 })

    assert.match(stdout, /"username":"alice"/)
    assert.match(stdout, /"display_name":"밥"/)
    assert.match(stdout, /"status":"accepted"/)
    assert.match(stdout, /data: {"type":"hello"/)
    assert.match(stdout, /data: {"type":"message","room_id":1,"rev":1,[^\n]*안녕하세요!/)
    assert.equal(stdout.match(/^\{"id":"msg_1_1",/gm)?.length, 2, 'the repeat is answered with the first message')
    assert.match(stdout, /\n1\n$/, "Bob's unread count")
  })
}
