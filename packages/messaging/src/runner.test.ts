import { join } from 'node:path'
import { createEmbeddedBus } from './embedded/embedded-bus.ts'
import { runnerContract } from './runner.contract.ts'
import { tempDir } from './testing.ts'

runnerContract('embedded log', async (t) => {
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
})
