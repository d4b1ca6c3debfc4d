import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { eventually } from '@bigtech/testkit'
import { decodeAudio } from './decode.ts'
import { AudioError } from './errors.ts'
import { recording } from './recordings.fixture.ts'

const skip = process.platform !== 'linux' && 'looks for processes in /proc, which only Linux has'

/** Ids of the processes this one has started and that still run. */
const children = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statOf(`/proc/${pid}/stat`)?.[1] === String(process.pid))
    .map(Number)

/** Of proc(5) `stat`, what comes after the name: [0] the state, [1] the parent, [16] the nice value. */
function statOf(path: string): string[] | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined // it has ended since
  }
}

const started = (count: number) =>
  eventually(() => {
    assert.equal(children().length, count)
    return children()
  })

test('nothing runs before and after', { skip }, async () => {
  assert.deepEqual(children(), [])
  await decodeAudio(recording('tone.webm'))
  assert.deepEqual(children(), [])
})

test('a child that is killed is an error, and says by what', { skip }, async () => {
  const decoded = assert.rejects(decodeAudio(recording('tone.flac')), { kind: 'died', message: /SIGKILL/ })
  const [pid] = await started(1)
  process.kill(pid!, 'SIGKILL')
  await decoded
  assert.deepEqual(children(), [])
})

test('every thread of the child gives way to this process', { skip }, async () => {
  const decoded = decodeAudio(recording('tone.webm'))
  const [pid] = await started(1)
  await eventually(() => {
    const threads = readdirSync(`/proc/${pid}/task`)
    assert.ok(threads.length > 4, 'V8 and libuv have theirs')
    for (const thread of threads) assert.equal(statOf(`/proc/${pid}/task/${thread}/stat`)?.[16], '10')
  })
  await decoded
})

test('an abort ends the child, and one that came before starts none', { skip }, async () => {
  const abort = new AbortController()
  const decoded = assert.rejects(decodeAudio(recording('tone.flac'), {}, { signal: abort.signal }), (error) => {
    assert.ok(error instanceof AudioError)
    assert.equal(error.kind, 'cancelled')
    assert.equal((error.cause as Error).message, 'the person left')
    return true
  })
  await started(1)
  abort.abort(new Error('the person left'))
  await decoded
  assert.deepEqual(children(), [])
  await assert.rejects(decodeAudio(recording('tone.flac'), {}, { signal: abort.signal }), { kind: 'cancelled' })
})

test('the time limit ends the child', { skip }, async () => {
  const limits = { timeoutMs: 20 }
  await assert.rejects(decodeAudio(recording('tone.flac'), limits), { kind: 'timeout', message: /20 ms/ })
  assert.deepEqual(children(), [])
})

test('two at once have a process each; one that is killed does not harm the other', { skip }, async () => {
  const abort = new AbortController()
  const first = assert.rejects(decodeAudio(recording('tone.flac'), {}, { signal: abort.signal }), { kind: 'cancelled' })
  const second = decodeAudio(recording('tone.mp3'))
  await started(2)
  abort.abort()
  await first
  assert.ok((await second).length > 12_000)
})

test('without a file descriptor left a recording fails, and the server goes on', { skip }, () => {
  for (const left of [0, 3, 5, 8]) {
    const script = 'ulimit -n 64; exec "$0" "$1" "$2"'
    const fixture = join(import.meta.dirname, 'few-files.fixture.ts')
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, fixture, String(left)], {
      encoding: 'utf8',
    })
    assert.deepEqual([status, stdout], [0, 'died'], stderr)
  }
})
