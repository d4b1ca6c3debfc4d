import { connect } from 'node:net'

/** @param bytes the answer's head and what of its body came with it; only valid during the call */
export type OnAnswer = (status: number, bytes: Buffer) => void

export type HttpConnection = {
  /** One request at a time. */
  ask(request: string | Buffer, onAnswer: OnAnswer): void
}

const STATUS_AT = 'HTTP/1.1 '.length
const LENGTH = /\r\ncontent-length: (\d+)/i
const EMPTY = Buffer.alloc(0)

/** A kept-alive HTTP/1.1 connection that only counts the bytes of answers. A connection that ends is an error. */
export function openHttp(port: number): Promise<HttpConnection> {
  let head: Buffer = EMPTY
  /** Bytes of the body that are still to come; undefined before the head is complete. */
  let left: number | undefined
  let status = 0
  let answered: OnAnswer | undefined

  const read = (part: Buffer) => {
    if (left === undefined) {
      head = head.length === 0 ? part : Buffer.concat([head, part])
      const body = head.indexOf('\r\n\r\n') + 4
      if (body < 4) return
      const text = head.toString('latin1', 0, body)
      status = Number(text.slice(STATUS_AT, STATUS_AT + 3))
      const length = LENGTH.exec(text)?.[1]
      if (length === undefined && status !== 204) throw new Error(`an answer without length: ${text}`)
      left = body + Number(length ?? 0) - head.length
    } else left -= part.length
    if (left > 0) return
    const [answer, bytes] = [answered!, head]
    answered = undefined
    head = EMPTY
    left = undefined
    answer(status, bytes)
  }

  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
      resolve({
        ask(request, onAnswer) {
          answered = onAnswer
          socket.write(request)
        },
      }),
    )
    socket.on('data', read)
    socket.on('error', reject)
    socket.on('close', () => {
      throw new Error('the server ended a connection')
    })
  })
}

export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  token?: string
  body?: object
}

/** The bytes of a request. */
export function httpText({ method, path, token, body }: Request): string {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${authorization}`
  if (body === undefined) return `${head}\r\n`
  const json = JSON.stringify(body)
  return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
}
