import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { text } from 'node:stream/consumers'
import type { Cleanup } from '@bigtech/testkit'

export type Http2Answer = Readonly<{
  status: number
  headers: Readonly<Record<string, unknown>>
  stream: ClientHttp2Stream
}>

/** One connection of HTTP/2, as a browser has to a site. */
export class Http2Client {
  readonly session: ClientHttp2Session

  constructor(t: Cleanup, port: number, ca: string) {
    this.session = connect(`https://localhost:${port}`, { ca })
    this.session.on('error', () => {})
    t.after(() => this.session.destroy())
  }

  /** Resolves with the head of the answer. */
  open(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Http2Answer> {
    const stream = this.session.request(
      { ':method': method, ':path': path, ...headers },
      { endStream: body === undefined },
    )
    if (body !== undefined) stream.end(body)
    return new Promise((resolve, reject) => {
      stream.once('error', reject)
      stream.once('response', (got) => resolve({ status: got[':status']!, headers: got, stream }))
    })
  }

  async json(
    method: string,
    path: string,
    token?: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const { status, stream } = await this.open(
      method,
      path,
      {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body && JSON.stringify(body),
    )
    const said = await text(stream)
    return { status, body: JSON.parse(said) as Record<string, unknown> }
  }
}
