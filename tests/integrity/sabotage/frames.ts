/** Loaded in the server with `--sabotage`: what it writes to streams is tampered with, as the sabotage named in SABOTAGE says. */
import { Socket } from 'node:net'
import type { SabotageName } from './table.ts'

const name = process.env['SABOTAGE'] as SabotageName
const EVERY = 30
// oxlint-disable-next-line typescript/unbound-method -- called with its socket below
const write = Socket.prototype.write as (this: Socket, ...args: unknown[]) => boolean
const kept = new WeakMap<Socket, unknown[]>()
let count = 0

/** Frames of one write, or events of one: the server writes what a turn of its loop brought at once. */
function isTarget(data: unknown): boolean {
  if (!Buffer.isBuffer(data)) return false
  const stream = data[0] === 0x81 || data.subarray(0, 4).equals(Buffer.from('id: '))
  if (!stream) return false
  return data.includes('"type":"message')
}

Socket.prototype.write = function writeSabotaged(this: Socket, ...args: unknown[]): boolean {
  const before = kept.get(this)
  kept.delete(this)
  if (isTarget(args[0]) && ++count % EVERY === 0) {
    if (name === 'swap-frames') kept.set(this, args)
    return before ? write.apply(this, before) : true
  }
  const written = write.apply(this, args)
  return before ? write.apply(this, before) : written
}
