/**
 * Stands in the place of `child.ts`, and does what the file that it takes for a model says behind its magic: a child's ends, without a model. What it takes up is done once: the
 * file says `speak` from then on, which is how a test sees that it was taken up.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { ChildAnswer, ChildOptions } from './protocol.ts'
import { SAID, type Behaviour } from './behaviour.fixture.ts'

const { model } = JSON.parse(process.argv[2] ?? '{}') as ChildOptions
const behaviour = (): Behaviour => readFileSync(model, 'utf8').slice(4).trim() as Behaviour
const answer = (message: ChildAnswer): void => void process.send?.(message)
const text = (said: string) => answer({ type: 'text', text: said, rssBytes: 0, cpuMicros: 0 })
/** As the addon in the middle of its work: deaf. */
const hang = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

process.on('disconnect', () => process.exit(0))
process.on('message', () => {
  const now = behaviour()
  if (now !== 'speak') writeFileSync(model, 'lmggspeak')
  switch (now) {
    case 'loop':
      return text('회의실 '.repeat(40))
    case 'grow':
      Buffer.alloc(400e6, 1)
      return hang()
    case 'hang':
      return hang()
    case 'die':
      return process.exit(3)
    case 'illegal':
      return process.kill(process.pid, 'SIGILL')
    default:
      return text(SAID)
  }
})
const first = behaviour()
if (first === 'unsupported' || first === 'unusable') answer({ type: 'failed', why: first })
else answer({ type: 'ready' })
