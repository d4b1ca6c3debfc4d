import { findEngine } from '@bigtech/testkit'
import { Kafka, logLevel } from 'kafkajs'
import type { EventBus } from '../ports.ts'
import type { Scope } from '../testing.ts'
import type { KafkaOptions } from './driver.ts'
import { createKafkaBus } from './kafka-bus.ts'

export const kafkaEngine = findEngine('KAFKA_BROKERS', 'kafka')

export const brokers = kafkaEngine.value.split(',')

/** One broker keeps one copy. */
export const single = { brokers, clientId: 'test', replication: 1, minInsyncReplicas: 1 }

export async function openBus(t: Scope, options: Partial<KafkaOptions> = {}): Promise<EventBus> {
  const bus = await createKafkaBus({ ...single, ...options })
  t.after(() => bus.close())
  return bus
}

/** A client that shares no code with ours. */
export const independent = new Kafka({ clientId: 'independent', brokers, logLevel: logLevel.NOTHING })

/** Moves the start of the topic to its end, as retention does. */
export async function deleteRecords(topic: string): Promise<void> {
  const admin = independent.admin()
  await admin.connect()
  try {
    const partitions = await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({
      topic,
      partitions: partitions.map(({ partition, high }) => ({ partition, offset: high })),
    })
  } finally {
    await admin.disconnect()
  }
}
