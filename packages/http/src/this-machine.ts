import type { IncomingMessage, Server } from 'node:http'

/** Whether a program on this machine asks for itself. A proxy on it speaks for others. */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  const forwarded = Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return !forwarded && isLoopback(socket.remoteAddress ?? '')
}

/** Whether it came to the port of `server`, and not to a gateway of the same process. */
export function isOnPortOf(server: Server, { socket }: IncomingMessage): boolean {
  const address = server.address()
  return typeof address === 'object' && address !== null && address.port === socket.localPort
}

const isLoopback = (address: string): boolean => /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)
