import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import { createLogger } from './logger.ts'
import { rotateLog } from './rotation.ts'

it('a file that is full is set aside, and the oldest are deleted', (t) => {
  const file = join(tempDir(t), 'server.log')
  let opened = 0
  const failed = (error: unknown) => assert.fail(String(error))
  const look = rotateLog({ file, maxBytes: 1_000, kept: 3, reopen: () => opened++, failed })
  for (let round = 1; round <= 5; round++) {
    appendFileSync(file, `round ${round} `.repeat(50))
    look()
    assert.equal(opened, round - 1, 'not full yet')
    appendFileSync(file, `round ${round} `.repeat(100))
    look()
    assert.equal(opened, round)
  }
  const beginning = (number: number) => readFileSync(`${file}.${number}`, 'utf8').slice(0, 7)
  assert.deepEqual(readdirSync(join(file, '..')).sort(), ['server.log.1', 'server.log.2', 'server.log.3'])
  assert.deepEqual([1, 2, 3].map(beginning), ['round 5', 'round 4', 'round 3'])
})

it('a log that is full at the start makes room for a new one', async (t) => {
  const file = join(tempDir(t), 'server.log')
  writeFileSync(file, 'of the time before '.repeat(100))
  createLogger({ level: 'info', destination: file, maxBytes: 1_000 }).info('the first word')
  await eventually(() => assert.match(readFileSync(file, 'utf8'), /^\{.*the first word"\}\n$/))
  assert.match(readFileSync(`${file}.1`, 'utf8'), /^of the time before/)
})

it('a file that cannot be moved is told, and nothing is lost', (t) => {
  const file = join(tempDir(t), 'server.log')
  writeFileSync(file, 'x'.repeat(2_000))
  const told: unknown[] = []
  const reopen = () => {
    throw new Error('no such disk')
  }
  rotateLog({ file, maxBytes: 1_000, kept: 1, reopen, failed: (error) => told.push(error) })
  assert.equal(told.length, 1)
  assert.ok(existsSync(`${file}.1`))
})
