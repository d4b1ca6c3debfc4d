import { join } from 'node:path'
import { batchContract } from './batch.contract.ts'
import { createEmbeddedBus } from './embedded/embedded-bus.ts'
import { runnerContract } from './runner.contract.ts'
import { type Scope, tempDir } from './testing.ts'

const open = async (t: Scope) => {
  const file = join(tempDir(t), 'events.db')
  let current = await createEmbeddedBus({ file })
  t.after(() => current.close())
  return {
    bus: current,
    async reopen() {
      await current.close()
      return (current = await createEmbeddedBus({ file }))
    },
  }
}
runnerContract('embedded log', open)
batchContract('embedded log', open)
