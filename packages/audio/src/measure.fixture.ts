import { readdirSync, readFileSync } from 'node:fs'
import { decodeSpeech, type AudioLimits, probeAudio, SAMPLE_RATE } from './index.ts'
import { bomb } from './bombs.fixture.ts'
import { residentMb } from './resident.ts'
import { recording } from './recordings.fixture.ts'

/**
 * What decoding costs on this machine: `node packages/audio/src/measure.fixture.ts [FILE…]`, without files those of `fixtures/` and a bomb. Linux: CPU and memory
 * are read from /proc while the child runs.
 */
const TICKS = 100

function childOf(): number | undefined {
  const isOurs = (pid: string) => {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return text.slice(text.lastIndexOf(')') + 2).split(' ')[1] === String(process.pid)
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && isOurs(pid))
    .map(Number)[0]
}

/** CPU seconds so far, of the child. */
function cpuOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return 0 // it has ended
  }
}

async function measure(name: string, bytes: Uint8Array, limits: Partial<AudioLimits>): Promise<void> {
  let [cpu, mb, lag, last] = [0, 0, 0, performance.now()]
  let pid: number | undefined
  const begun = performance.now()
  const watch = setInterval(() => {
    lag = Math.max(lag, performance.now() - last - 5)
    pid ??= childOf()
    if (pid !== undefined) cpu = Math.max(cpu, cpuOf(pid))
    void residentMb(pid).then((now) => (mb = Math.max(mb, now ?? 0)))
    last = performance.now()
  }, 5)
  const result = await decodeSpeech(bytes, limits, { pieceSeconds: 20 }).then(
    ({ samples }) => `${(samples.length / SAMPLE_RATE).toFixed(1)} s`,
    (error: unknown) => (error as { kind?: string }).kind ?? String(error),
  )
  clearInterval(watch)
  const wall = performance.now() - begun
  process.stdout.write(
    `${name.padEnd(24)} ${result.padEnd(16)} wall ${wall.toFixed(0)} ms, child ${cpu.toFixed(2)} CPU-s, peak ${mb.toFixed(0)} MiB, this process held up ${lag.toFixed(0)} ms\n`,
  )
}

const files = process.argv.slice(2)
for (const file of files) {
  const bytes = readFileSync(file)
  const { seconds } = await probeAudio(bytes, { maxBytes: Infinity })
  process.stdout.write(`${file}: ${seconds.toFixed(1)} s by its header\n`)
  await measure(file, bytes, { maxBytes: Infinity })
  await measure(`${file} (no limit of length)`, bytes, { maxBytes: Infinity, maxSeconds: 1e6 })
}
if (files.length === 0) {
  for (const name of ['tone-16.wav', 'tone.mp3', 'tone.m4a', 'tone.flac', 'tone.webm'])
    await measure(name, recording(name), {})
  const aac = await bomb('tone.m4a', 25_000, 1_024 / 44_100)
  await measure('580 s of AAC', aac, {})
  await measure('the same, 130 MiB', aac, { maxMemoryMb: 130 })
  await measure('580 s of Opus', await bomb('tone.webm', 29_000, 0.02), {})
}
