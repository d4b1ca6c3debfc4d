/** `pushes`: a push service (RFC 8030) that takes all messages, and counts them. What they say is sealed: it looks at none. */
import { createECDH, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveCommands } from '../harness/worker.ts'

export type PushServiceCommands = {
  /** What so many browsers would give their pages. All have the same keys, which costs who encrypts no less. */
  subscribe(order: { devices: number }): Promise<{ subscriptions: readonly Subscription[] }>
  /** Counts from here. */
  begin(_: undefined): Promise<object>
  /** When so many devices were told since `begin`. */
  told(order: { devices: number }): Promise<object>
  state(_: undefined): Promise<{ pushes: number; connections: number }>
}

export type Subscription = { endpoint: string; keys: { p256dh: string; auth: string } }

let pushes = 0
let connections = 0
const told = new Set<string>()
let waiting: { devices: number; resolve(): void } | undefined

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    pushes++
    told.add(request.url!)
    if (waiting && told.size >= waiting.devices) waiting.resolve()
    response.writeHead(201).end()
  })
})
server.on('connection', () => connections++)
// Longer than any pause between two messages: nobody meets a connection that is being closed.
server.keepAliveTimeout = 60_000

const commands: PushServiceCommands = {
  async subscribe({ devices }) {
    if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const keys = {
      p256dh: createECDH('prime256v1').generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
    }
    const endpoint = (i: number) => `http://127.0.0.1:${port}/${i}`
    return { subscriptions: Array.from({ length: devices }, (_, i) => ({ endpoint: endpoint(i), keys })) }
  },
  async begin() {
    pushes = 0
    told.clear()
    return {}
  },
  async told({ devices }) {
    if (told.size < devices) await new Promise<void>((resolve) => (waiting = { devices, resolve }))
    waiting = undefined
    return {}
  },
  state: async () => ({ pushes, connections }),
}

serveCommands(commands)
