import { existsSync, renameSync } from 'node:fs'
import { userInfo } from 'node:os'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Server } from '../server.ts'
import {
  end,
  folder,
  launch,
  listens,
  logFile,
  needPrograms,
  pidOf,
  place,
  port,
  run,
  StackError,
  waitUntil,
} from '../work.ts'

/** Only on this machine's loopback, and only for tests. */
const PASSWORD = 'test-only'
const PRIMARY = port(13306)
const REPLICA = port(13307)

const socketOf = (name: string) => place('mariadb', `${name}.sock`)

function install(): void {
  needPrograms(['mariadbd', 'mariadb-install-db'], ['mariadb-server'])
  if (existsSync(place('mariadb', 'template'))) return
  folder('mariadb')
  // A data folder as it is made once, to be copied. Half of one never has that name.
  const half = `template.${process.pid}`
  run('mariadb-install-db', [
    '--no-defaults',
    `--user=${userInfo().username}`,
    `--datadir=${place('mariadb', half)}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--innodb-log-file-size=32M',
  ])
  renameSync(place('mariadb', half), place('mariadb', 'template'))
}

async function startNode(name: string, id: number, at: number): Promise<void> {
  if (pidOf(name) !== undefined) return
  const data = place('mariadb', name)
  if (!existsSync(data)) {
    const half = `${data}.${process.pid}`
    // The template may be a link to that of another folder.
    run('cp', ['-rL', place('mariadb', 'template'), half])
    renameSync(half, data)
  }
  await launch(name, [at], 'mariadbd', [
    '--no-defaults',
    `--user=${userInfo().username}`,
    `--datadir=${data}`,
    `--socket=${socketOf(name)}`,
    `--pid-file=${place('mariadb', `${name}.pid`)}`,
    '--bind-address=127.0.0.1',
    `--port=${at}`,
    '--skip-name-resolve',
    `--server-id=${id}`,
    '--log-bin=binlog',
    '--binlog-format=ROW',
    '--gtid-strict-mode=1',
    '--log-slave-updates=1',
    '--sync-binlog=1',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-buffer-pool-size=128M',
    '--innodb-log-file-size=32M',
    '--performance-schema=OFF',
    '--max-connections=300',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_bin',
    '--default-time-zone=+00:00',
    '--sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE',
    '--rpl-semi-sync-master-timeout=10000',
    '--rpl-semi-sync-master-wait-point=AFTER_SYNC',
  ])
  await waitUntil(name, () => listens(at))
}

/** As the operator of a server. @returns the rows of the last */
export async function statements(name: string, ...texts: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection({ socketPath: socketOf(name), user: 'root' }).catch((error: Error) => {
    throw new StackError(`${name} cannot be asked: ${error.message}; its log is ${logFile(name)}`)
  })
  try {
    let rows: RowDataPacket[] = []
    for (const text of texts) [rows] = await connection.query<RowDataPacket[]>(text)
    return rows
  } finally {
    await connection.end()
  }
}

export const mariadb: Server = {
  name: 'mariadb',
  title: 'MariaDB, for MySQL',
  processes: ['mariadb'],
  settings: { MYSQL_URL: `mysql://bigtech:${PASSWORD}@127.0.0.1:${PRIMARY}` },
  install,
  async start() {
    await startNode('mariadb', 1, PRIMARY)
    await statements(
      'mariadb',
      `CREATE USER IF NOT EXISTS bigtech@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`,
      "GRANT ALL ON `bigtech\\_%`.* TO bigtech@'127.0.0.1'",
      `CREATE USER IF NOT EXISTS replica@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`,
      "GRANT REPLICATION SLAVE ON *.* TO replica@'127.0.0.1'",
    )
  },
  stop: () => end('mariadb'),
}

export const mariadbReplica: Server = {
  name: 'mariadb-replica',
  title: 'a semi-synchronous replica of MariaDB, for reads that may be stale',
  needs: ['mariadb'],
  processes: ['mariadb-replica'],
  settings: { MYSQL_READ_REPLICA_URL: `mysql://bigtech:${PASSWORD}@127.0.0.1:${REPLICA}` },
  install,
  async start() {
    await startNode('mariadb-replica', 2, REPLICA)
    await statements('mariadb', 'SET GLOBAL rpl_semi_sync_master_enabled = 1')
    const [running] = await statements('mariadb-replica', 'SHOW SLAVE STATUS')
    if (running === undefined)
      await statements(
        'mariadb-replica',
        `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${PRIMARY}, MASTER_USER='replica', MASTER_PASSWORD='${PASSWORD}',
          MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1`,
      )
    // It replicates again by itself after a restart, but not semi-synchronously.
    const again = [
      'STOP SLAVE',
      'SET GLOBAL rpl_semi_sync_slave_enabled = 1',
      'START SLAVE',
      'SET GLOBAL read_only = 1',
    ]
    await statements('mariadb-replica', ...again)
    await waitUntil('mariadb-replica', async () => {
      const [status] = await statements('mariadb', "SHOW STATUS LIKE 'Rpl_semi_sync_master_clients'")
      return Number(status?.['Value']) > 0
    })
  },
  async stop() {
    await end('mariadb-replica')
    // Without it every commit of the primary would wait for its answer first.
    if (pidOf('mariadb') !== undefined) await statements('mariadb', 'SET GLOBAL rpl_semi_sync_master_enabled = 0')
  },
}
