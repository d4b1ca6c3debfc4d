import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { spawnProgram } from '@bigtech/testkit'
import { unique } from '../testing.ts'
import { kafkaEngine } from './kafka.fixture.ts'

test(
  'consumers that are closed while their group changes leave nothing behind',
  { skip: kafkaEngine.skip, timeout: 120_000 },
  async (t) => {
    const program = await spawnProgram(t, {
      file: join(import.meta.dirname, 'closing.fixture.ts'),
      args: [kafkaEngine.value, unique('closing')],
    })
    await program.line(/closed/, 90_000)
    const ended = await Promise.race([program.exited, new Promise((resolve) => setTimeout(resolve, 10_000).unref())])
    assert.deepEqual(ended, { code: 0, signal: null }, program.output())
  },
)
