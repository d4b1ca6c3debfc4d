import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { spawnProgram } from '@bigtech/testkit'
import { noEngines } from '../../support/engines.ts'
import { SABOTAGE_NAMES, SABOTAGES, type Sabotage } from './table.ts'

const LIMIT = { timeout: 360_000 }
const SECONDS = 6
/** A run ends with the first round in which anything is found: what happens in one depends on the machine. */
const ROUNDS = 4

async function run(t: TestContext, faults: readonly string[], ...args: string[]) {
  const short = ['--seconds', String(SECONDS), '--seed', '5', '--rate', '120', '--patience', '4']
  const program = await spawnProgram(t, {
    file: join(import.meta.dirname, '../main.ts'),
    args: [...short, '--faults', faults.join() || 'none', ...args],
  })
  const { code } = await program.exited
  return { code, program }
}

it('nothing is found in the same run of a server that is whole', LIMIT, async (t) => {
  const { code, program } = await run(t, ['kill', 'cut'])
  assert.equal(code, 0, program.output())
})

/** The checker can fail: a server that is broken in this way is found out, in a run of seconds. */
describe('a sabotaged server is found out', () => {
  for (const name of SABOTAGE_NAMES) {
    const { what, faults, found, profile, seconds = SECONDS, args = [], isLong }: Sabotage = SABOTAGES[name]
    const rounds = ['--round', String(seconds), '--seconds', String(seconds * ROUNDS)]
    const all = [...(profile ? ['--profile', profile] : []), ...rounds, ...args]
    const later =
      isLong && process.env['SABOTAGES'] !== 'all'
        ? 'it takes half a minute, and others of its kind are tried: SABOTAGES=all'
        : false
    it(`${name}: ${what}`, { ...LIMIT, skip: profile ? noEngines() || later : later }, async (t) => {
      const { code, program } = await run(t, faults, '--sabotage', name, ...all)
      assert.equal(code, 1, program.output())
      const counted = /^violations: \d+ \((.*)\)$/m.exec(program.output())?.[1] ?? ''
      const kinds = counted.split(', ').map((text) => text.split(' ')[0]!)
      assert.ok(
        found.some((kind) => kinds.includes(kind)),
        `expected one of ${found.join()}, found ${counted || 'nothing'}\n${program.output()}`,
      )
    })
  }
})
