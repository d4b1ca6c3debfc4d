import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eventually, startProxy, tempDir, type Cleanup } from '@bigtech/testkit'
import { stackFolder } from '../../tools/stack/folder.ts'

const TEMPLATE = 'mariadb/template'
/** Beside the stack of this clone, and beside engines of a test's own (own-engines.ts). */
const portOffset = (ofStack: number): number => (ofStack % 3_000) + 400

/** For `skip`. */
export const noOwnPair = (): string | false =>
  !existsSync(join(stackFolder(), TEMPLATE)) && 'MariaDB was never started: npm run stack -- up mariadb, once'

export type OwnPair = Readonly<{
  /** Where the primary is, whichever it is: a proxy, as one stands before databases that fail over. */
  url: string
  /** The first primary stands still: its machine, say, or its disk. */
  freeze(): void
  /** The other one, which has all that was acknowledged, is the primary from now on. */
  promote(): Promise<void>
  /** The first primary wakes up, and takes itself for the only one. */
  thaw(): void
  /** What the first primary has written, as it says itself. */
  written(): Promise<string>
}>

/** Two MariaDB, one after the other semi-synchronously. To be called once in a process, before anything of `tools/stack` is loaded. */
export async function startOwnPair(t: Cleanup): Promise<OwnPair> {
  const programs = stackFolder()
  const folder = tempDir(t)
  const before = { ...process.env }
  process.env['STACK_DIR'] = folder
  process.env['STACK_PORT_OFFSET'] = String(portOffset(Number(process.env['STACK_PORT_OFFSET'] ?? 0)))
  mkdirSync(dirname(join(folder, TEMPLATE)), { recursive: true })
  symlinkSync(join(programs, TEMPLATE), join(folder, TEMPLATE))
  const { mariadb, mariadbReplica, statements } = await import('../../tools/stack/servers/mariadb.ts')
  const { end, pidOf } = await import('../../tools/stack/work.ts')
  for (const name of ['STACK_DIR', 'STACK_PORT_OFFSET']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  const [primary] = mariadb.processes as [string]
  const [replica] = mariadbReplica.processes as [string]
  t.after(async () => {
    for (const name of [primary, replica]) await end(name, 'SIGKILL')
  })
  await mariadb.start()
  await mariadbReplica.start()
  const url = new URL(mariadb.settings['MYSQL_URL']!)
  const way = await startProxy({ port: Number(url.port) })
  t.after(() => way.close())
  url.port = String(way.port)
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => process.kill(pidOf(primary)!, name)
  return {
    url: url.href,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async promote() {
      // Nothing reaches the old one any more: who decides that it is none must see to that first.
      way.cut()
      await statements(replica, 'STOP SLAVE IO_THREAD')
      await eventually(async () => {
        const [status] = await statements(replica, 'SHOW SLAVE STATUS')
        if (status!['Read_Master_Log_Pos'] !== status!['Exec_Master_Log_Pos']) throw new Error('not all is applied')
      })
      await statements(replica, 'STOP SLAVE', 'RESET SLAVE ALL', 'SET GLOBAL read_only = 0')
      way.lead(Number(new URL(mariadbReplica.settings['MYSQL_READ_REPLICA_URL']!).port))
      way.mend()
    },
    async written() {
      const [row] = await statements(primary, 'SELECT @@gtid_binlog_pos AS place')
      return String(row!['place'])
    },
  }
}
