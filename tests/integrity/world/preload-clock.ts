/**
 * Loaded in the server and its threads: the time of day is that of the machine plus the ms written in the file CLOCK_FILE. Timers
 * and `performance.now()` go on as they do when an operator or NTP sets a machine's clock.
 */
import { openSync, readSync } from 'node:fs'

const LOOK_EVERY_MS = 2

const file = openSync(process.env['CLOCK_FILE']!, 'r')
const bytes = Buffer.alloc(32)
const machineNow = Date.now.bind(Date)
let offset = 0
let looked = -Infinity

function now(): number {
  if (performance.now() - looked > LOOK_EVERY_MS) {
    looked = performance.now()
    offset = Number(bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0)))
  }
  return machineNow() + offset
}

const MachineDate = Date
globalThis.Date = new Proxy(MachineDate, {
  construct: (target, args: unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, self === globalThis.Date ? target : self) as Date,
  apply: () => new MachineDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
})
