/** Apart from the package's index, so that only the profile that uses it loads it: `@bigtech/messaging/kafka`. */
export { createKafkaBus } from './kafka-bus.ts'
export type { KafkaOptions } from './driver.ts'
