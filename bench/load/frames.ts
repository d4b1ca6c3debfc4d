/**
 * The frames clients send, made to cost the generator next to nothing: a template masked once, of which only digits change.
 * Clients must mask what they send (RFC 6455 section 5.3). One key, not zero, for all: the server has the work of unmasking.
 */
export const MASK = Buffer.from([0x5a, 0xc3, 0x96, 0x3c])

const BODY_BYTES = 120
const TEXT = '안녕하세요, 반갑습니다. Lunch at noon? 점심은 어디서 먹을까요 see you there!'

/** Counted from here, so that numbers in JSON always have the same width. */
export const FIRST = 1_000_001
const NUMBER_DIGITS = 7
const SENDER_DIGITS = 5
/** Microseconds since the process began: 2.7 hours. */
const TIME_DIGITS = 10

const MARKER = '@@'
const TIME_AT = MARKER.length
const SENDER_AT = TIME_AT + TIME_DIGITS + 1
const NUMBER_AT = SENDER_AT + SENDER_DIGITS + 1
export const MARKER_BYTES = NUMBER_AT + NUMBER_DIGITS

/** Now, in the unit of markers. */
export const nowUs = (): number => performance.now() * 1_000

/** The 120 bytes of a message: the marker (send time, sender, number), then text of Korean and ASCII. */
function bodyOf(sender: number): string {
  const marker = `${MARKER}${'0'.repeat(TIME_DIGITS)}.${`${sender}`.padStart(SENDER_DIGITS, '0')}.${FIRST} `
  const left = BODY_BYTES - marker.length
  let text = TEXT
  while (Buffer.byteLength(text) > left) text = text.slice(0, -1)
  return marker + text.padEnd(text.length + left - Buffer.byteLength(text), '.')
}

/** JSON of a `send` command, about 210 bytes. */
const commandOf = (sender: number, roomId: number): string =>
  `{"type":"send","ref":${FIRST},"room_id":${roomId},"content":"${bodyOf(sender)}","client_message_id":"m${sender}-${FIRST}"}`

/** JSON of the body of `POST /messages/{room}`. */
const requestOf = (sender: number): string =>
  `{"content":"${bodyOf(sender)}","client_message_id":"m${sender}-${FIRST}"}`

export type Template = {
  /** A copy with this number, and the present as its send time. */
  make(number: number): Buffer
}

function createTemplate(prefix: Buffer, json: string, mask: Buffer): Template {
  const payload = Buffer.from(json)
  const bytes = Buffer.concat([prefix, payload])
  for (let i = 0; i < payload.length; i++) bytes[prefix.length + i]! ^= mask[i & 3]!
  const timeAt = payload.indexOf(MARKER) + TIME_AT
  const numbersAt: number[] = []
  for (let at = 0; (at = payload.indexOf(`${FIRST}`, at)) >= 0; at += NUMBER_DIGITS) numbersAt.push(at)
  const write = (frame: Buffer, at: number, digits: number, value: number) => {
    for (let i = at + digits - 1, left = value; i >= at; i--) {
      const rest = Math.floor(left / 10)
      frame[prefix.length + i] = (48 + left - rest * 10) ^ mask[i & 3]!
      left = rest
    }
  }
  return {
    make(number) {
      const frame = Buffer.allocUnsafe(bytes.length)
      bytes.copy(frame)
      write(frame, timeAt, TIME_DIGITS, Math.floor(nowUs()))
      for (const at of numbersAt) write(frame, at, NUMBER_DIGITS, number)
      return frame
    },
  }
}

const LONG = 126

/** `send` commands of one sender to one room as masked WebSocket frames. */
export function createSendFrames(sender: number, roomId: number): Template {
  const json = commandOf(sender, roomId)
  const length = Buffer.byteLength(json)
  return createTemplate(Buffer.from([0x81, 0x80 | LONG, length >> 8, length & 0xff, ...MASK]), json, MASK)
}

/** `POST /messages/{room}` of one sender as HTTP/1.1 requests. */
export function createSendRequests(sender: number, roomId: number, token: string): Template {
  const json = requestOf(sender)
  const head =
    `POST /messages/${roomId} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n`
  return createTemplate(Buffer.from(head), json, Buffer.alloc(4))
}

const marker = Buffer.from(MARKER)

/** @returns where a marker begins in `bytes[start, end)`, or -1 */
export function findMarker(bytes: Buffer, start: number, end: number): number {
  const at = bytes.indexOf(marker, start)
  return at >= 0 && at + MARKER_BYTES <= end ? at : -1
}

function readDigits(bytes: Buffer, at: number, digits: number): number {
  let value = 0
  for (let i = at; i < at + digits; i++) value = value * 10 + bytes[i]! - 48
  return value
}

/** µs, as `nowUs` */
export const sentAt = (bytes: Buffer, at: number): number => readDigits(bytes, at + TIME_AT, TIME_DIGITS)
export const numberAt = (bytes: Buffer, at: number): number => readDigits(bytes, at + NUMBER_AT, NUMBER_DIGITS)
