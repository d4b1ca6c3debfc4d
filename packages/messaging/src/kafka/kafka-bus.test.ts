import { suite } from 'node:test'
import { eventBusContract } from '../event-bus.contract.ts'
import { deleteRecords, kafkaEngine, openBus } from './kafka.fixture.ts'

suite('Kafka', { skip: kafkaEngine.skip }, () => {
  if (kafkaEngine.skip) return
  eventBusContract('Kafka', async (t) => {
    let current = await openBus(t)
    return {
      bus: current,
      async reopen() {
        await current.close()
        return (current = await openBus(t))
      },
      expire: deleteRecords,
    }
  })
})
