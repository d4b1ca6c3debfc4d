/** Bare argon2id with the product's parameters, on all cores, without end. */
import { availableParallelism } from 'node:os'
import { hash } from '@node-rs/argon2'
import { serveCommands } from '../harness/worker.ts'

export type HashCommands = {
  /** How many hashes were made so far, and the processor time of it in seconds. */
  count(_: undefined): Promise<{ hashes: number; cpu_s: number }>
}

const cost = { memoryCost: 19 * 1_024, timeCost: 2, parallelism: 1 }
let hashes = 0

async function work(): Promise<never> {
  for (;;) {
    await hash('Bench1234!', cost)
    hashes++
  }
}
for (let i = 0; i < availableParallelism(); i++) void work()

const commands: HashCommands = {
  async count() {
    const { user, system } = process.cpuUsage()
    return { hashes, cpu_s: (user + system) / 1e6 }
  },
}
serveCommands(commands)
