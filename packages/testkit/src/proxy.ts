import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type Proxy = Readonly<{
  port: number
  /** Ends all connections; new ones are refused at once. */
  cut(): void
  /** Connections stay open and nothing passes, as when a process is stopped or a cable is pulled. */
  pause(): void
  /** Everything passes again; what was held back first. */
  mend(): void
  /** Holds back what comes from the server once so many bytes have passed towards it; resolves when they have. */
  pauseAfter(bytes: number): Promise<void>
  close(): void
}>

/** Stands between a client and a server on loopback, so that their connection can be lost. */
export async function startProxy(target: { host?: string; port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [from: Socket, to: Socket]>()
  let state: 'open' | 'cut' | 'paused' = 'open'
  let countdown: { left: number; done: () => void } | undefined

  const server = createServer({ pauseOnConnect: false }, (from) => {
    if (state === 'cut') return void from.destroy()
    const to = connect(target.port, target.host ?? '127.0.0.1')
    const pair = [from, to] as const
    pairs.add(pair)
    const forward = (source: Socket, sink: Socket, counts: boolean) => {
      source.on('error', () => {})
      source.on('data', (bytes: Buffer) => {
        sink.write(bytes)
        if (counts && countdown && (countdown.left -= bytes.length) <= 0) {
          pause()
          countdown.done()
          countdown = undefined
        }
      })
      source.on('close', () => {
        pairs.delete(pair)
        sink.destroy()
      })
    }
    forward(from, to, true)
    forward(to, from, false)
    if (state === 'paused') for (const socket of pair) socket.pause()
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))

  const all = () => [...pairs].flat()
  const cut = () => {
    state = 'cut'
    for (const socket of all()) socket.destroy()
  }
  const pause = () => {
    state = 'paused'
    for (const socket of all()) socket.pause()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    pause,
    mend() {
      state = 'open'
      for (const socket of all()) socket.resume()
    },
    pauseAfter: (bytes) => new Promise((done) => (countdown = { left: bytes, done })),
    close() {
      cut()
      server.close()
    },
  }
}
