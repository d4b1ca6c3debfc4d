import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type Network = {
  url: string
  /** Resets all connections and refuses new ones … */
  cut(): void
  /** … until here. */
  mend(): void
  close(): void
}

/** The way of one person to the server, which the demo can cut. */
export async function openNetwork(target: URL): Promise<Network> {
  const sockets = new Set<Socket>()
  let broken = false
  const server = createServer((near) => {
    if (broken) return void near.resetAndDestroy()
    const far = connect(Number(target.port || 80), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const cut = () => {
    broken = true
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (broken = false),
    close() {
      cut()
      server.close()
    },
  }
}
