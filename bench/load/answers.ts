/** A server's frames begin with their type. */
const ACK = Buffer.from('{"type":"ack"')
const ERROR = Buffer.from('{"type":"error"')

const beginsWith = (bytes: Buffer, start: number, what: Buffer): boolean =>
  bytes.compare(what, 0, what.length, start, Math.min(bytes.length, start + what.length)) === 0

/** @throws when the frame tells that a command failed */
export function isAck(bytes: Buffer, start: number, end: number): boolean {
  if (beginsWith(bytes, start, ACK)) return true
  if (beginsWith(bytes, start, ERROR)) throw new Error(`refused: ${bytes.toString('utf8', start, end)}`)
  return false
}
