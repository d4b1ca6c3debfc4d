/** A frame in the bytes of each transport, each made once, when first needed, however many sockets it goes to. */
export class EncodedFrame {
  readonly #json: string
  readonly #token: string
  #ws: Buffer | undefined
  #sse: Buffer | undefined

  constructor(json: string, token = '') {
    this.#json = json
    this.#token = token
  }

  get ws(): Buffer {
    return (this.#ws ??= textFrame(this.#json))
  }

  get sse(): Buffer {
    return (this.#sse ??= Buffer.from(`${this.#token && `id: ${this.#token}\n`}data: ${this.#json}\n\n`))
  }
}

/** One unmasked, final text frame, as a server sends it (RFC 6455 section 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x81
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, header, 'utf8')
  return frame
}
