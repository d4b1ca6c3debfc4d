import { brokerContract } from './broker.contract.ts'
import { createMemoryBroker } from './memory-broker.ts'

brokerContract('memory', async () => {
  const broker = createMemoryBroker()
  return [broker, broker]
})
