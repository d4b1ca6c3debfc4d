/** A program that closes consumers while their group changes: `node closing.fixture.ts BROKERS TOPIC`. It ends by itself when nothing is left. */
import { setTimeout as sleep } from 'node:timers/promises'
import { nullLogger } from '@bigtech/telemetry'
import { createKafkaBus } from './kafka-bus.ts'

const [brokers = '', topic = ''] = process.argv.slice(2)
const open = () =>
  createKafkaBus({
    brokers: brokers.split(','),
    clientId: 'closing',
    replication: 1,
    minInsyncReplicas: 1,
    logger: nullLogger,
  })

for (const ms of [0, 5, 10, 20, 40, 80, 160, 320]) {
  const group = `${topic}-${ms}`
  const [first, second] = [await open(), await open()]
  await first.ensureTopics([{ name: topic, partitions: 2, retentionMs: 3_600_000 }])
  await first.subscribe({ group, topics: [topic], handler: async () => {} })
  await second.subscribe({ group, topics: [topic], handler: async () => {} })
  // Cooperative members join once more after somebody came: both are closed meanwhile.
  await sleep(ms)
  await Promise.all([first.close(), second.close()])
}
process.stdout.write('closed\n')
