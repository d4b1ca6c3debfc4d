import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { spawnProgram } from '@bigtech/testkit'
import { crashRounds } from '../support/crash-rounds.ts'
import { LoopDisk, noLoopDisk } from '../support/loop-disk.ts'

const skip = noLoopDisk()
/** POWER_CUTS=50 for a report. */
const CUTS = Number(process.env['POWER_CUTS'] ?? 3)
const seed = Number(process.env['SEED'] ?? 20261128)

describe('a power cut', { skip }, () => {
  it(`at random moments (${CUTS} cuts, seed ${seed}): nothing acknowledged is lost, nothing doubled`, async (t) => {
    const disk = new LoopDisk(t)
    const crash = (server: { pid: number; kill(signal: 'SIGKILL'): Promise<unknown> }) =>
      disk.cut([server.pid], () => server.kill('SIGKILL'))
    const acknowledged = await crashRounds(t, { dir: join(disk.path, 'data'), rounds: CUTS, seed, crash })
    t.diagnostic(`${CUTS} power cuts, ${acknowledged} messages acknowledged before them, none lost`)
  })

  it('loses what was not made to reach the disk: this test can fail', async (t) => {
    const disk = new LoopDisk(t, 64)
    const file = join(disk.path, 'careless.db')
    const careless = `
      const { DatabaseSync } = require('node:sqlite')
      const db = new DatabaseSync(${JSON.stringify(file)})
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE said (n INTEGER)')
      for (let n = 0; n < 100; n++) db.prepare('INSERT INTO said VALUES (?)').run(n)
      console.log('said 100')
      setInterval(() => {}, 1000)`
    const writer = await spawnProgram(t, { file: '-e', args: [careless], ready: /said 100/ })
    await disk.cut([writer.pid], () => writer.kill('SIGKILL'))
    const db = new DatabaseSync(file)
    const isThere = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'said'").get()!['n']
    const rows = isThere ? Number(db.prepare('SELECT count(*) AS n FROM said').get()!['n']) : 0
    assert.ok(rows < 100, `${rows} rows`)
    db.close()
  })
})
