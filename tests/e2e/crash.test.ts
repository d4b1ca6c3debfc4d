import { describe, it } from 'node:test'
import { crashRounds } from '../support/crash-rounds.ts'
import { dataDir } from '../support/process-world.ts'

describe('kill -9', () => {
  const ROUNDS = 5
  const seed = Number(process.env['SEED'] ?? 20260127)

  it(`at random moments (${ROUNDS} rounds, seed ${seed}): nothing acknowledged is lost, nothing doubled`, async (t) => {
    const crash = async (server: { kill(signal: 'SIGKILL'): Promise<unknown> }) => void (await server.kill('SIGKILL'))
    await crashRounds(t, { dir: dataDir(t), rounds: ROUNDS, seed, crash })
  })
})
