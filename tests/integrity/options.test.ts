import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { spawnProgram } from '@bigtech/testkit'
import { OptionError, readOptions } from './options.ts'

const read = (...args: string[]) => readOptions(args, () => 7)

describe('options', () => {
  it('have defaults', () => {
    const { seconds, seed, clients, rooms, faults, out, sabotage } = read()
    assert.deepEqual([seconds, seed, clients, rooms, out, sabotage], [60, 7, 8, 6, null, null])
    assert.equal(faults.length, 12)
  })

  it('are taken', () => {
    const options = read('--seconds', '5', '--seed', '0', '--faults', 'kill,cut', '--out', 'x.jsonl', '--clients=3')
    assert.deepEqual(
      [options.seconds, options.seed, options.faults, options.out, options.clients],
      [5, 0, ['kill', 'cut'], 'x.jsonl', 3],
    )
    assert.deepEqual(read('--faults', 'none').faults, [])
  })

  for (const [args, text] of [
    [['--seconds', 'long'], /--seconds must be an integer from 1 to 86400, not 'long'/],
    [['--seconds', '0'], /--seconds must be/],
    [['--clients', '2'], /--clients must be an integer from 3 to 64/],
    [['--faults', 'kill,flood'], /--faults must be some of kill,.* not 'flood'/],
    [['--profile', 'cloud'], /--profile must be embedded or distributed, not 'cloud'/],
    [['--nodes', '0'], /--nodes must be an integer from 1 to 9/],
    [['--sabotage', 'no-repair'], /--sabotage no-repair needs --profile distributed/],
    [['--profile', 'distributed', '--sabotage', 'miscount'], /--sabotage miscount needs --profile embedded/],
    [['--profile', 'distributed', '--faults', 'disk'], /--faults must be some of kill,.* not 'disk'/],
    [['--sabotage', 'x'], /--sabotage must be one of ack-before-commit,.* not 'x'/],
    [['--frequency', '3'], /Unknown option '--frequency'/],
    [['now'], /Unexpected argument 'now'/],
  ] as const)
    it(`refuse ${args.join(' ')}`, () => {
      assert.throws(
        () => read(...args),
        (error) => error instanceof OptionError && text.test(error.message),
      )
    })

  it('that are wrong end the program with 2 and how to use it', async (t) => {
    const program = await spawnProgram(t, { file: join(import.meta.dirname, 'main.ts'), args: ['--seed=-1'] })
    assert.deepEqual(await program.exited, { code: 2, signal: null })
    assert.match(program.output(), /--seed must be an integer[^]*npm run test:integrity -- \[options\]/)
  })
})
