import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { it } from 'node:test'
import { createHost } from '@bigtech/http'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { listen } from './listen.ts'

/** Sockets that listen on a port, as the kernel counts them. */
const listeners = (port: number): number =>
  ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} `) && / 0A /.test(line))
    .length

const status = (port: number, agent: Agent) =>
  new Promise<number | undefined>((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/health', agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })

const linux =
  process.platform === 'linux' ? {} : { skip: 'only Linux spreads connections over the sockets of one port' }

it('several sockets listen on one port; each is answered, and all end with the app', linux, async (t) => {
  const app = await createHost({
    service: { name: 'test', title: 'Test', description: '' },
    logger: nullLogger,
    metrics: createMetrics('test'),
    tokens: { verify: () => Promise.reject(new Error('not used')) },
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
  })
  t.after(() => app.close())
  const { port, stop } = await listen(app, '127.0.0.1', 0, 'TEST_PORT')
  assert.equal(listeners(port), 8)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  t.after(() => agent.destroy())
  const answers = await Promise.all(Array.from({ length: 64 }, () => status(port, agent)))
  assert.deepEqual(
    answers,
    answers.map(() => 200),
  )
  agent.destroy()
  await Promise.all([app.close(), stop()])
  assert.equal(listeners(port), 0)
})
