import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { openSqlite } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { startService } from '../../user-service.fixture.ts'
import { idMarkContract } from '../id-mark.contract.ts'
import { createFileIdMark } from './id-mark.ts'

idMarkContract('file', async (t) => {
  const file = join(tempDir(t), 'user-ids')
  return async () => createFileIdMark(file)
})

it('the file holds the number as people write it', async (t) => {
  const file = join(tempDir(t), 'user-ids')
  await createFileIdMark(file).raise(9)
  assert.equal(readFileSync(file, 'utf8'), '9\n')
})

it('a file that is not one is told, not taken for 0', (t) => {
  const file = join(tempDir(t), 'user-ids')
  for (const text of ['', 'many', '-1', '1.5'].filter(Boolean)) {
    writeFileSync(file, text)
    assert.throws(() => createFileIdMark(file), /highest user id ever given/, text)
  }
})

for (const [what, lose] of Object.entries({
  'the database is lost': (dir: string) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `user.db${suffix}`), { force: true })
  },
  'the newest rows are deleted by hand': (dir: string) => {
    const db = openSqlite(join(dir, 'user.db'))
    db.exec('DELETE FROM users')
    db.close()
  },
}))
  it(`no id is given twice, though ${what}`, async (t) => {
    const first = await startService(t)
    const ids = [(await first.account('alice')).id, (await first.admin('bob')).id]
    await first.close()
    lose(first.dir)
    const second = await startService(t, { dir: first.dir })
    const { id } = await second.account('carol')
    assert.ok(id > Math.max(...ids), `${id} after ${ids.join()}`)
  })
