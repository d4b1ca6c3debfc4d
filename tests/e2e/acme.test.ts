import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { describe, it } from 'node:test'
import { freePort, spawnProgram, tempDir, type Cleanup } from '@bigtech/testkit'
import { MAIN, testEnv } from '../support/index.ts'

const { PEBBLE_URL, PEBBLE_CA, PEBBLE_HTTP_PORT } = process.env
const skip = PEBBLE_URL ? false : 'no PEBBLE_URL (npm run stack -- up pebble)'
const NAMES = ['chat.bigtech.test', 'talk.bigtech.test']

async function start(t: Cleanup, dataDir: string, env: Record<string, string> = {}) {
  const HTTPS_PORT = await freePort()
  const program = await spawnProgram(t, {
    file: MAIN,
    env: {
      ...testEnv(dataDir),
      LOG_LEVEL: 'info',
      DOMAIN: NAMES.join(),
      ACME_DIRECTORY: PEBBLE_URL,
      NODE_EXTRA_CA_CERTS: PEBBLE_CA,
      HTTPS_HOST: '127.0.0.1',
      HTTPS_PORT: String(HTTPS_PORT),
      HTTP_PORT: PEBBLE_HTTP_PORT,
      ...env,
    },
    ready: /Ready after/,
    readyTimeoutMs: 90_000,
  })
  return { program, port: HTTPS_PORT }
}

/** The root that this run of Pebble made for itself. */
async function rootOfPebble(): Promise<string> {
  const { port } = new URL(PEBBLE_URL!)
  const asked = request({
    host: '127.0.0.1',
    port: Number(port) + 1_000,
    path: '/roots/0',
    ca: readFileSync(PEBBLE_CA!),
  })
  const [answer] = (await once(asked.end(), 'response')) as [NodeJS.ReadableStream]
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return text
}

async function serialOf(port: number, servername: string, ca: string): Promise<string> {
  const socket = connectTls({ host: '127.0.0.1', port, servername, ca })
  await once(socket, 'secureConnect')
  const { serialNumber } = new X509Certificate(socket.getPeerCertificate().raw)
  socket.destroy()
  return serialNumber
}

describe('DOMAIN', { skip }, () => {
  it('brings a certificate for all names at the first start, kept for the next', async (t) => {
    const dataDir = tempDir(t)
    const ca = await rootOfPebble()
    const first = await start(t, dataDir)
    assert.match(first.program.output(), new RegExp(`BigTech Chat +https://${NAMES[0]}:${first.port}/\\n`))
    const serials = await Promise.all(NAMES.map((name) => serialOf(first.port, name, ca)))
    assert.equal(new Set(serials).size, 1)
    for (const file of ['account.json', 'certificate.pem'])
      assert.equal(statSync(join(dataDir, 'tls', file)).mode & 0o777, 0o600, file)
    assert.equal((await first.program.kill('SIGTERM')).code, 0)

    const second = await start(t, dataDir, { ACME_DIRECTORY: `https://127.0.0.1:${await freePort()}/dir` })
    assert.equal(await serialOf(second.port, NAMES[0]!, ca), serials[0], 'the authority is not asked')
    await second.program.kill('SIGTERM')

    // What is stored is damaged: as if there were none.
    writeFileSync(join(dataDir, 'tls', 'certificate.pem'), 'no certificate')
    const third = await start(t, dataDir)
    assert.notEqual(await serialOf(third.port, NAMES[0]!, ca), serials[0])
    await third.program.kill('SIGTERM')

    // An account that the authority does not know (any more) is given up, and the next try has a new one.
    const account = join(dataDir, 'tls', 'account.json')
    writeFileSync(account, readFileSync(account, 'utf8').replace(/"url":".*\//, '$&unknown'))
    writeFileSync(join(dataDir, 'tls', 'certificate.pem'), '')
    const fourth = await start(t, dataDir)
    await fourth.program.line(/got no certificate/)
    await fourth.program.kill('SIGTERM')
    const fifth = await start(t, dataDir)
    assert.ok(await serialOf(fifth.port, NAMES[0]!, ca))
    await fifth.program.kill('SIGTERM')
  })

  it('ends at a signal while it waits for the authority, as at any other time', async (t) => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.after(() => silent.close())
    const { port } = silent.address() as AddressInfo
    const program = await spawnProgram(t, {
      file: MAIN,
      env: {
        ...testEnv(tempDir(t)),
        LOG_LEVEL: 'info',
        DOMAIN: NAMES[0],
        ACME_DIRECTORY: `http://127.0.0.1:${port}/dir`,
        HTTPS_HOST: '127.0.0.1',
        HTTPS_PORT: '0',
        HTTP_PORT: String(await freePort()),
      },
    })
    await once(silent, 'connection')
    assert.deepEqual(await program.kill('SIGTERM'), { code: 0, signal: null })
    assert.match(program.output(), /"stopped"/)
  })

  it('does not keep the server from starting when the authority gives none', async (t) => {
    const { program, port } = await start(t, tempDir(t), { HTTP_PORT: String(await freePort()) })
    assert.match(program.output(), /Warning: HTTPS waits for a certificate/)
    await program.line(/got no certificate/)
    const gateway = /on this machine|BigTech Chat +(http:\S+)\//.exec(program.output())![1]!
    assert.equal((await fetch(`${gateway}/health`)).status, 200)
    const socket = connectTls({ host: '127.0.0.1', port })
    assert.equal(((await once(socket, 'error')) as [NodeJS.ErrnoException])[0].code, 'ECONNREFUSED')
  })
})
