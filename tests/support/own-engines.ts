import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { stackFolder } from '../../tools/stack/folder.ts'
import { LoopDisk, noLoopDisk } from './loop-disk.ts'

const NAMES = ['mariadb', 'redis', 'kafka', 's3'] as const
/** Programs, and what is made once, of the stack: a disk of one's own need not fetch them. */
const PARTS = ['kafka/libs', 's3/venv', 'mariadb/template']
/**
 * Not on the disk: SeaweedFS, a stand-in for S3, never makes the system write what it has acknowledged, and has no setting to. It is killed with the
 * others and keeps what the system has.
 */
const BESIDE_THE_DISK = 's3'
/**
 * Beside the stack of this clone and of those whose offsets are round numbers, and below the ports that the system gives to connections: one that is taken
 * when an engine starts again would end the test.
 */
const portOffset = (ofStack: number): number => (ofStack % 3_000) + 250
const MEGABYTES = 2_048

/** For `skip`. */
export function noOwnEngines(): string | false {
  const missing = PARTS.filter((part) => !existsSync(join(stackFolder(), part)))
  const engines = missing.length > 0 && `${missing.join(', ')} not there: npm run stack -- up ${NAMES.join(' ')}, once`
  return noLoopDisk() || engines
}

/** What a power cut did to the records that Kafka had acknowledged. */
export type Kept = Readonly<{ acknowledged: number; kept: number }>

export type OwnEngines = Readonly<{
  /** All of them lose their power at this moment, and have it again at once; they are not started. */
  cut(): Promise<Kept>
  start(): Promise<void>
  /** Makes the system write these files of Kafka's to the disk, as it does of its own accord with any of them after half a minute. */
  write(files: string): void
}>

/**
 * MariaDB, Redis and Kafka with all they write on a disk that can lose its power, and S3, beside those of the stack; the environment of this process
 * then names them. To be called once in a process, before anything of `tools/stack` is loaded.
 */
export async function startOwnEngines(t: Cleanup): Promise<OwnEngines> {
  const programs = stackFolder()
  const disk = new LoopDisk(t, MEGABYTES)
  process.env['STACK_DIR'] = disk.path
  process.env['STACK_PORT_OFFSET'] = String(portOffset(Number(process.env['STACK_PORT_OFFSET'] ?? 0)))
  symlinkSync(tempDir(t), join(disk.path, BESIDE_THE_DISK))
  for (const part of PARTS) {
    mkdirSync(dirname(join(disk.path, part)), { recursive: true })
    symlinkSync(join(programs, part), join(disk.path, part))
  }
  const { pick } = await import('../../tools/stack/choose.ts')
  const { end, pidOf } = await import('../../tools/stack/work.ts')
  const servers = pick(NAMES)
  const processes = servers.flatMap((server) => server.processes)
  const start = async () => void (await Promise.all(servers.map((server) => server.start())))
  const kill = async () => void (await Promise.all(processes.map((name) => end(name, 'SIGKILL'))))
  t.after(kill)
  await start()
  disk.sync()
  Object.assign(process.env, ...servers.map(({ settings }) => settings))
  return {
    start,
    write(files) {
      for (const file of globSync(`kafka/kafka/data/${files}`, { cwd: disk.path })) disk.write(file)
    },
    async cut() {
      const pids = processes.map((name) => pidOf(name)!)
      let acknowledged = 0
      await disk.cut(pids, async () => {
        acknowledged = recordsIn(disk.path)
        await kill()
      })
      return { acknowledged, kept: recordsIn(disk.path) }
    },
  }
}

/** A record batch of Kafka (its documentation: "Record Batch", magic 2) before its records. */
const BATCH = { length: 8, count: 57, header: 61 }

/** Records of the topics of services, as the files of a broker that does not run have them. */
function recordsIn(folder: string): number {
  const files = globSync('kafka/kafka/data/*.events-*/*.log', { cwd: folder })
  return files.map((file) => countRecords(readFileSync(join(folder, file)))).reduce((sum, count) => sum + count, 0)
}

function countRecords(segment: Buffer): number {
  let records = 0
  for (let at = 0; at + BATCH.header <= segment.length;) {
    const length = segment.readInt32BE(at + BATCH.length)
    const next = at + BATCH.length + 4 + length
    // The broker cuts off what is no whole batch.
    if (length <= 0 || next > segment.length) break
    records += segment.readInt32BE(at + BATCH.count)
    at = next
  }
  return records
}
