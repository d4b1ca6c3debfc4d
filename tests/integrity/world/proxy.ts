import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Cleanup } from '@bigtech/testkit'

/** The way of one client to one port of the server, and what networks do to it. */
export type Proxy = {
  url: string
  /** Resets all connections. */
  cut(): void
  /** New connections are reset at once. */
  refuse: boolean
  /** The same, whatever else is done to it meanwhile. */
  shut: boolean
  /** Both ends of the connections there are stay open and hear nothing more, for good. Later ones work. */
  halfOpen(): void
  /** Nothing passes, on old connections or new ones. On the way back they are reset: what was lost stays lost. */
  blackhole(on: boolean): void
  /** What the server sends is not taken: its buffers fill. */
  freeze(on: boolean): void
}

type Pair = { down: Socket; up: Socket; dead: boolean }

export async function startProxy(t: Cleanup, port: number): Promise<Proxy> {
  const pairs = new Set<Pair>()
  let hole = false
  let frozen = false

  const server = createServer((down) => {
    down.setNoDelay(true).on('error', () => {})
    if (proxy.refuse || proxy.shut) return void down.resetAndDestroy()
    const up = connect(port, '127.0.0.1').setNoDelay(true)
    const pair: Pair = { down, up, dead: hole }
    pairs.add(pair)
    pass(pair, down, up)
    pass(pair, up, down)
    // A reset on one side is one on the other, an orderly end stays one; over a dead way not even that is heard.
    up.on('error', () => pair.dead || down.resetAndDestroy())
    down.on('error', () => pair.dead || up.resetAndDestroy())
    up.once('close', () => pair.dead || down.destroySoon())
    down.once('close', () => pair.dead || up.destroySoon())
    for (const socket of [down, up]) socket.once('close', () => down.destroyed && up.destroyed && pairs.delete(pair))
    if (frozen) up.pause()
  })

  /** With back-pressure, and dropping everything once the pair is dead. */
  function pass(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (pair.dead || to.destroyed || to.write(bytes)) return
      from.pause()
      to.once('drain', () => (from === pair.up && frozen ? undefined : from.resume()))
    })
    from.on('end', () => pair.dead || to.end())
  }

  const proxy: Proxy = {
    url: '',
    refuse: false,
    shut: false,
    cut() {
      for (const { down, up } of pairs) for (const socket of [down, up]) socket.resetAndDestroy()
    },
    halfOpen() {
      for (const pair of pairs) pair.dead = true
    },
    blackhole(on) {
      hole = on
      if (on) proxy.halfOpen()
      else proxy.cut()
    },
    freeze(on) {
      frozen = on
      for (const { up } of pairs)
        if (on) up.pause()
        else up.resume()
    },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(() => {
    proxy.cut()
    server.close()
  })
  return proxy
}
