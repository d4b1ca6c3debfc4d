import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type Proxy = Readonly<{
  port: number
  /** Ends all connections; new ones are refused at once. */
  cut(): void
  /** Connections stay open and nothing passes, as when a process is stopped or a cable is pulled. */
  pause(): void
  /** What passes takes so many ms longer in each direction, in the same order. */
  slow(ms: number): void
  /** Everything passes again, at once; what was held back first. */
  mend(): void
  /** New connections go to this port. */
  lead(port: number): void
  /** Holds back what comes from the server once so many bytes have passed towards it; resolves when they have. */
  pauseAfter(bytes: number): Promise<void>
  close(): void
}>

/** Stands between a client and a server on loopback, so that their connection can be lost. */
export async function startProxy({ host = '127.0.0.1', port }: { host?: string; port: number }): Promise<Proxy> {
  let to = port
  const pairs = new Set<readonly [from: Socket, to: Socket]>()
  let state: 'open' | 'cut' | 'paused' = 'open'
  let delayMs = 0
  let countdown: { left: number; done: () => void } | undefined

  const door = createServer({ pauseOnConnect: false }, (from) => {
    if (state === 'cut') return void from.destroy()
    const server = connect(to, host)
    const pair = [from, server] as const
    pairs.add(pair)
    const forward = (source: Socket, sink: Socket, counts: boolean) => {
      source.on('error', () => {})
      const late: { at: number; bytes: Buffer }[] = []
      const pass = () => {
        while (late.length > 0 && late[0]!.at <= performance.now()) sink.write(late.shift()!.bytes)
        if (late.length > 0) setTimeout(pass, late[0]!.at - performance.now())
      }
      source.on('data', (bytes: Buffer) => {
        // Nothing overtakes what is still on its way.
        if (late.length === 0 && delayMs === 0) sink.write(bytes)
        else if (late.push({ at: performance.now() + delayMs, bytes }) === 1) setTimeout(pass, delayMs)
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
    forward(from, server, true)
    forward(server, from, false)
    if (state === 'paused') for (const socket of pair) socket.pause()
  })
  door.listen(0, '127.0.0.1')
  await new Promise((resolve) => door.once('listening', resolve))

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
    port: (door.address() as AddressInfo).port,
    cut,
    pause,
    slow: (ms) => void (delayMs = ms),
    mend() {
      state = 'open'
      delayMs = 0
      for (const socket of all()) socket.resume()
    },
    lead: (next) => void (to = next),
    pauseAfter: (bytes) => new Promise((done) => (countdown = { left: bytes, done })),
    close() {
      cut()
      door.close()
    },
  }
}
