import { createServer, type Server } from 'node:http'

/** Answers to a certificate authority that asks whether a name is ours (RFC 8555, section 8.3): token → key authorization. */
export type Challenges = Map<string, string>

const CHALLENGE = /^\/\.well-known\/acme-challenge\/([\w-]{1,128})$/

/** On the port of unencrypted HTTP: sends everybody on to HTTPS, and answers certificate authorities. @param target for a host: where it goes on, if the host is ours */
export function createRedirect(challenges: Challenges, target: (host: string) => string | undefined): Server {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const token = CHALLENGE.exec(path)?.[1]
    const known = token === undefined ? undefined : challenges.get(token)
    if (known !== undefined) return void response.writeHead(200, { 'content-type': 'text/plain' }).end(known)
    if (token !== undefined)
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('unknown token\n')
    const there = target(hostOf(request.headers.host))
    if (there === undefined)
      return void response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' }).end('unknown host\n')
    // Methods are kept (308). What asks in absolute form takes this for a proxy.
    const location = `${there}${path.startsWith('/') ? path : '/'}`
    response.writeHead(308, { location, 'content-type': 'text/plain', connection: 'close' }).end(`${location}\n`)
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  server.maxHeadersCount = 100
  return server
}

/** Without its port. */
const hostOf = (host = ''): string => host.replace(/:\d+$/, '').toLowerCase()
