import { suite } from 'node:test'
import { batchContract } from '../batch.contract.ts'
import { eventBusContract } from '../event-bus.contract.ts'
import { runnerContract } from '../runner.contract.ts'
import type { Scope } from '../testing.ts'
import { deleteRecords, kafkaEngine, openBus } from './kafka.fixture.ts'

suite('Kafka', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return

  const open = async (t: Scope) => {
    let current = await openBus(t)
    return {
      bus: current,
      async reopen() {
        await current.close()
        return (current = await openBus(t))
      },
      expire: deleteRecords,
    }
  }
  eventBusContract('Kafka', open)
  runnerContract('Kafka', open)
  batchContract('Kafka', open)
})
