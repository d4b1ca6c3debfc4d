import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { bareHost } from './bare-host.fixture.ts'
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
  const app = await bareHost(t)
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

it('what ends waits for no connection over which nothing was asked, as browsers open them, and lets others end', async (t) => {
  const app = await bareHost(t)
  const { port, stop } = await listen(app, '127.0.0.1', 0, 'TEST_PORT')
  const accepted: Socket[] = []
  app.server.on('connection', (socket) => accepted.push(socket))
  const unused = Array.from({ length: 32 }, () => connect(port, '127.0.0.1').resume())
  await Promise.all(unused.map((socket) => once(socket, 'connect')))
  const asking = connect(port, '127.0.0.1')
  asking.write('GET /health HTTP/1.1\r\nHost: here\r\n')
  let answer = ''
  asking.setEncoding('utf8').on('data', (text: string) => (answer += text))
  // The sockets of the port take turns in no order that is promised, and what none of them took is reset when they close.
  await eventually(() => {
    assert.equal(accepted.length, 33)
    assert.equal(accepted.filter(({ bytesRead }) => bytesRead > 0).length, 1)
  })
  const closed = Promise.all(unused.map((socket) => once(socket, 'close')))
  const ended = Promise.all([app.close(), stop()])
  await closed
  assert.equal(answer, '')
  asking.write('Connection: close\r\n\r\n')
  await Promise.all([ended, once(asking, 'close')])
  assert.match(answer, /^HTTP\/1.1 200/)
})
