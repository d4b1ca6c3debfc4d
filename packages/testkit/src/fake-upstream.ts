import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cleanup } from './resources.ts'

/** What a fake does with the next request in the place of answering it. */
export type Misbehaviour =
  /** 429. @param retryAfter the header, seconds or a date */
  | Readonly<{ kind: 'busy'; retryAfter?: string }>
  /** 503. */
  | Readonly<{ kind: 'overloaded' }>
  /** Any other status. */
  | Readonly<{ kind: 'status'; status: number }>
  /** The service's own way of refusing a text. */
  | Readonly<{ kind: 'refused' }>
  /** 200 with the beginning of an answer, as JSON that ends in the middle. */
  | Readonly<{ kind: 'malformed' }>
  /** 200 and a body of one's own. */
  | Readonly<{ kind: 'answer'; body: unknown }>
  /** No answer until the other side gives up. */
  | Readonly<{ kind: 'silent' }>
  /** The connection ends within the body. */
  | Readonly<{ kind: 'cut' }>
  /** 200 and a body of so many bytes. */
  | Readonly<{ kind: 'huge'; bytes: number }>
  /** 307 to somewhere else. */
  | Readonly<{ kind: 'redirect'; location: string }>

export type Received = Readonly<{ method: string; path: string; headers: IncomingHttpHeaders; body: Buffer }>

export type FakeUpstream = Readonly<{
  /** `http://127.0.0.1:port`. */
  url: string
  /** All that was asked, in the order of arrival. */
  received: readonly Received[]
  /** The next requests meet these, in turn; those after them are answered. */
  next(...misbehaviours: readonly Misbehaviour[]): void
  /** Resolves when the next request has arrived in full; of those that misbehaviours are meant for. */
  arrival(): Promise<Received>
}>

/** What is right of a fake: a body, or a status. */
export type Reply = Readonly<{ status?: number; body: unknown }>

/**
 * A real HTTP server in the place of somebody else's service.
 * @param options.answer what it answers when nothing else was asked for
 * @param options.refuse its way of refusing a text
 * @param options.errorBody its errors, by status
 * @param options.isAside requests that no misbehaviour is meant for, as those for tokens
 */
export async function startFakeUpstream(
  t: Cleanup,
  options: Readonly<{
    answer(request: Received): Reply
    refuse(request: Received): Reply
    errorBody(status: number): unknown
    isAside?(request: Received): boolean
  }>,
): Promise<FakeUpstream> {
  const received: Received[] = []
  const queue: Misbehaviour[] = []
  let arrivals: ((request: Received) => void)[] = []
  const server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const { method = '', url: path = '', headers } = message
      const request = { method, path, headers, body: Buffer.concat(chunks) }
      received.push(request)
      if (options.isAside?.(request)) return reply(response, options.answer(request))
      const told = arrivals
      arrivals = []
      for (const tell of told) tell(request)
      const misbehaviour = queue.shift()
      if (misbehaviour) misbehave(response, misbehaviour, request)
      else reply(response, options.answer(request))
    })
  })
  const misbehave = (response: ServerResponse, how: Misbehaviour, request: Received): void => {
    const failed = (status: number) => reply(response, { status, body: options.errorBody(status) })
    const whole = () => JSON.stringify(options.answer(request).body)
    switch (how.kind) {
      case 'busy':
        if (how.retryAfter !== undefined) response.setHeader('retry-after', how.retryAfter)
        return failed(429)
      case 'overloaded':
        return failed(503)
      case 'status':
        return failed(how.status)
      case 'refused':
        return reply(response, options.refuse(request))
      case 'answer':
        return reply(response, { body: how.body })
      case 'malformed':
        return void response.setHeader('content-type', 'application/json').end(whole().slice(0, -2))
      case 'silent':
        return undefined
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(whole().length + 100) })
        return void response.write(whole(), () => response.destroy())
      case 'huge':
        return void response.setHeader('content-type', 'application/json').end(`"${'x'.repeat(how.bytes)}"`)
      case 'redirect':
        return void response.writeHead(307, { location: how.location }).end()
    }
  }
  const url = await listen(server)
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url,
    received,
    next: (...misbehaviours) => void queue.push(...misbehaviours),
    arrival: () => new Promise((resolve) => arrivals.push(resolve)),
  }
}

const reply = (response: ServerResponse, { status = 200, body }: Reply): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
