import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'

/** Behind a proxy, the address that proxy saw: the last one of X-Forwarded-For. Those before it are the caller's own words. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = [request.headers['x-forwarded-for']].flat().join(',')
  const last = trustProxy ? forwarded.split(',').at(-1)?.trim() : undefined
  return last || (request.socket.remoteAddress ?? 'unknown')
}

/**
 * What counts as one address for limits: an IPv4 address however it is written, or the /64 network of an IPv6 address, all of whose
 * addresses one subscriber has.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : parsed.toString()
}
