import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeFactStore } from '../fact-store.contract.ts'
import { createDuckdbFactStore } from './fact-store.ts'

describeFactStore(
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bigtech-facts-'))
    const openStore = () => createDuckdbFactStore({ file: join(dir, 'analytics.duckdb') })
    let store = openStore()
    return {
      store,
      async reopen() {
        await store.close()
        return (store = openStore())
      },
      async discard() {
        await store.close()
        await rm(dir, { recursive: true, force: true })
      },
    }
  },
  Number(process.env['FACT_RUNS'] ?? 15),
)
