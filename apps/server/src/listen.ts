import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '@bigtech/http'
import { StartupError } from './startup-error.ts'

/** As many as the system allows (on Linux net.core.somaxconn) may wait to be accepted: everybody may come at once. */
const BACKLOG = 65_535

/**
 * libuv accepts one connection a listening socket and turn of the loop, and each has its own queue of those who wait. When thousands
 * reconnect, one is not enough; Linux spreads them over several sockets of one port (SO_REUSEPORT).
 */
const MORE_LISTENERS = process.platform === 'linux' ? 7 : 0

/** What a client had sent before this side took no more connections is read in this time. */
const ON_ITS_WAY_MS = 50

export type Listening = {
  port: number
  /**
   * Takes no more connections on the additional sockets; the app's own ends with the app. Closes those over which nothing was asked yet.
   * Resolves when the connections that came over the additional sockets have ended: the app does not count them.
   */
  stop(this: void): Promise<void>
}

/** @throws StartupError naming the variable when the port cannot be had */
export async function listen(app: App, host: string, port: number, variable: string): Promise<Listening> {
  const closeUnused = unusedOf(app.server)
  try {
    if (MORE_LISTENERS === 0) {
      await app.listen({ host, port, backlog: BACKLOG })
      return { port: (app.server.address() as AddressInfo).port, stop: closeUnused }
    }
    // Sockets that share a port would share it with another program's, too: whether it is free, only a bind alone tells.
    const free = await portFor(host, port)
    const options = { host, port: free, backlog: BACKLOG, reusePort: true }
    await app.listen(options)
    const { address } = app.server.address() as AddressInfo
    const more: Server[] = []
    for (let i = 0; i < MORE_LISTENERS; i++) more.push(await listenAlso(app, address, free))
    return { port: free, stop: async () => void (await Promise.all([closeUnused(), ...more.map(closed)])) }
  } catch (error) {
    throw portError(error, { host, port, variable, hosts: 'HOST, and SERVICE_HOST,' })
  }
}

/**
 * Browsers open connections ahead of what they will ask. Node counts one over which nothing has come as busy, so whoever ends would wait for it.
 * @returns closes them, but those over which a request arrives just now
 */
function unusedOf(server: Server): () => Promise<void> {
  const open = new Set<Socket>()
  // One function for all sockets: a closure each would be most of what an idle connection costs.
  const forget = function (this: Socket) {
    open.delete(this)
  }
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', forget)
  })
  const unused = () => [...open].filter(({ bytesRead }) => bytesRead === 0)
  return async () => {
    if (unused().length === 0) return
    await sleep(ON_ITS_WAY_MS)
    for (const socket of unused()) socket.destroy()
  }
}

/** What to do about a port that cannot be had; another error as it is. @param at.hosts the settings that name the address */
export function portError(
  error: unknown,
  { host, port, variable, hosts }: Readonly<{ host: string; port: number; variable: string; hosts: string }>,
): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new StartupError(
      `Port ${port} is already in use by another program. Stop it, or set ${variable} to a free port.`,
    )
  if (code === 'EACCES')
    return new StartupError(
      `Port ${port} may not be used by this user. Set ${variable} to a port above 1023, or let the program have it (docs/https.md).`,
    )
  if (code === 'EADDRNOTAVAIL') return new StartupError(`${host} is no address of this machine. Set ${hosts} to one.`)
  return error
}

async function portFor(host: string, port: number): Promise<number> {
  const server = createServer()
  await listening(server, { host, port })
  const found = (server.address() as AddressInfo).port
  await closed(server)
  return found
}

/** A socket on the same port whose connections are the app's. Its options are those of an HTTP server. */
async function listenAlso(app: App, host: string, port: number): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => app.server.emit('connection', socket))
  await listening(server, { host, port, backlog: BACKLOG, reusePort: true })
  return server
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const closed = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))
