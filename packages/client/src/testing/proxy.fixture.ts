import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Cleanup } from '@bigtech/testkit'

export type Proxy = {
  url: string
  /** Resets all connections; new ones are made unless `refuse`. */
  cut(): void
  /** Both ends stay open and hear nothing more, not even that the other end has closed. Connections made later work. */
  halfOpen(): void
  /** The client's end takes nothing more, as a stalled reader; what it sends goes on. */
  stall(): void
  /** New connections are reset at once. */
  refuse: boolean
  /** Connections made so far. */
  made: number
}

/** A TCP proxy that does what bad networks do. */
export async function startProxy(t: Cleanup, port: number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>()
  const silent = new Set<[Socket, Socket]>()
  const proxy: Proxy = {
    url: '',
    refuse: false,
    made: 0,
    cut() {
      for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
    },
    halfOpen() {
      for (const pair of pairs) {
        silent.add(pair)
        for (const socket of pair) socket.removeAllListeners('data').on('data', () => {})
      }
    },
    stall() {
      for (const [, up] of pairs) up.pause()
    },
  }
  const server = createServer((down) => {
    proxy.made++
    if (proxy.refuse) return void down.resetAndDestroy()
    const up = connect(port, '127.0.0.1')
    const pair: [Socket, Socket] = [down, up]
    pairs.add(pair)
    down.on('data', (bytes) => up.write(bytes))
    up.on('data', (bytes) => down.write(bytes))
    for (const [socket, other] of [pair, [up, down] as const]) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        if (silent.has(pair)) return
        pairs.delete(pair)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(() => {
    proxy.cut()
    server.close()
  })
  return proxy
}
