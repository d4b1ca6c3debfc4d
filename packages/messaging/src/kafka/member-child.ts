import { stdout } from 'node:process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { numberOf } from '../testing.ts'
import { createKafkaBus } from './kafka-bus.ts'

/** A member of a consumer group as a process of its own: prints partition and number of every record, before and after it handled it. */
const [broker, topic, group] = process.argv.slice(2)
const bus = await createKafkaBus({ brokers: [broker!], clientId: 'child', sessionTimeoutMs: 6_000 })
await bus.subscribe({
  group: group!,
  topics: [topic!],
  async handler(record) {
    stdout.write(`began ${record.partition} ${numberOf(record)}\n`)
    await nextTurn()
    stdout.write(`handled ${record.partition} ${numberOf(record)}\n`)
  },
})
stdout.write('ready\n')
