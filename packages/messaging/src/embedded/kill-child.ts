import { stdout } from 'node:process'
import { event } from '../testing.ts'
import { createEmbeddedBus } from './embedded-bus.ts'

/**
 * The victim of kill.test.ts: publishes for ever, prints the number of every acknowledged record, and consumes its own topic.
 */
const bus = await createEmbeddedBus({ file: process.argv[2]! })
await bus.ensureTopics([{ name: 'numbers', partitions: 3, retentionMs: 3_600_000 }])
await bus.subscribe({ group: 'child', topics: ['numbers'], handler: async () => {} })

let next = 0
const publisher = async (): Promise<never> => {
  for (;;) {
    const numbers = Array.from({ length: 5 }, () => next++)
    await bus.publish(numbers.map((n) => event('numbers', String(n), n)))
    stdout.write(numbers.map((n) => `${n}\n`).join(''))
  }
}
await Promise.all(Array.from({ length: 8 }, publisher))
