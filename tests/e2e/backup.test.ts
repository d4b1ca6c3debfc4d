import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { eventually, spawnProgram } from '@bigtech/testkit'
import { MAIN, openGroup, register, signIn, spawnServer, testEnv, type Message } from '../support/index.ts'
import { picture } from '../support/authorisation-world.ts'
import { createAdmin, dataDir, eventsOf, messagesOf } from '../support/process-world.ts'

/** `npm run backup -- …` */
async function backup(t: TestContext, dir: string, args: readonly string[], env: Record<string, string> = {}) {
  const file = join(MAIN, '../backup.ts')
  const program = await spawnProgram(t, { file, args, env: { ...testEnv(dir), ...env } })
  const { code } = await program.exited
  return { code, said: program.output().trim() }
}

async function succeed(...of: Parameters<typeof backup>): Promise<string> {
  const { code, said } = await backup(...of)
  assert.equal(code, 0, said)
  return said
}

const onlyFileIn = (folder: string): string => {
  const names = readdirSync(folder)
  assert.equal(names.length, 1, names.join())
  return join(folder, names[0]!)
}

describe('npm run backup', () => {
  it('of a server under load is of one moment: all that was told before it is in it, and what follows from each other is or is not', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    const admin = await createAdmin(t, dir)
    const server = await spawnServer(t, { DATA_DIR: dir })
    const urls = await server.urls()
    const people = await Promise.all(Array.from({ length: 6 }, (_, i) => register(urls, `보낸이${i}`)))
    const room = await openGroup(people[0]!, '바쁜 방', ...people.slice(1))
    const file = (await people[0]!.post('/files', picture('산.png'))) as { id: string }
    await people[0]!.post(`/messages/${room.id}`, { content: '', message_type: 'image', file_id: file.id })

    mkdirSync(join(dir, 'tls'))
    writeFileSync(join(dir, 'tls', 'certificate.pem'), 'a key of this machine')
    const told: Message[] = []
    const running = { alive: true }
    const work = people.map(async (person, sender) => {
      for (let n = 0; running.alive; n++) {
        const message = (await person.post(`/messages/${room.id}`, { content: `말 ${sender}-${n}` })) as Message
        told.push(message)
        if (n % 5 === 4) await person.post(`/chat-rooms/${room.id}/read`, { seq: message.seq })
      }
    })
    await eventually(() => assert.ok(told.length > 50))
    const before = [...told]
    assert.match(await succeed(t, dir, ['create', '--to', `${place}/`]), /Nobody could write for \d+ ms/)
    const during = told.length
    running.alive = false
    await Promise.all(work)
    assert.ok(during > before.length, 'people went on writing')
    await server.kill('SIGKILL')

    const packed = onlyFileIn(place)
    assert.match(await succeed(t, dir, ['verify', packed]), /is whole: \d+ files/)
    const restored = join(place, 'restored')
    await succeed(t, dir, ['restore', packed, '--to', restored])
    assert.ok(!existsSync(join(restored, 'tls')), 'another machine gets a certificate of its own')
    assert.ok(!existsSync(join(dir, '.backup')) && !existsSync(`${restored}.restoring`), 'nothing is left behind')

    const again = await spawnServer(t, { DATA_DIR: restored })
    const there = await Promise.all(people.map(async (person) => signIn(await again.urls(), person)))
    const history = await messagesOf(there[0]!, room.id)
    assert.deepEqual(
      history.map(({ seq }) => seq),
      history.map((_, i) => i + 1),
      'no gap',
    )
    const byId = new Map(told.map((message) => [message.id, message.content]))
    const texts = history.filter(({ message_type }) => message_type === 'text')
    for (const { id, content } of texts) assert.equal(content, byId.get(id) ?? content)
    for (const { id } of before)
      assert.ok(
        texts.some((message) => message.id === id),
        `${id} was told before`,
      )
    const picked = await there[1]!.call('GET', `/files/${file.id}`)
    assert.deepEqual([picked.status, picked.headers.get('content-type')], [200, 'image/png'])

    assert.ok(
      (await register(await again.urls(), '새사람')).id > 1_000_000,
      'nobody gets an id of somebody who is gone',
    )
    const next = (await there[2]!.post(`/messages/${room.id}`, { content: '이어서' })) as Message
    assert.equal(next.seq, history.length + 1)
    const operator = await signIn(await again.urls(), admin)
    await eventually(async () => {
      const events = await eventsOf(operator, room.id)
      assert.deepEqual([...events].sort(), [...texts.map(({ id }) => id), next.id].sort())
    })
    await eventually(async () => {
      const overview = await operator.get<{ range: { messages: number } }>('/analytics/overview')
      assert.equal(overview.range.messages, (await messagesOf(there[0]!, room.id)).filter(isWritten).length)
      assert.ok(!existsSync(join(restored, 'restored')), 'the statistics are made anew')
    })
    await again.kill('SIGTERM')
  })

  it('with a passphrase is read by nobody without it, and rotates', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    await createAdmin(t, dir)
    const secret = { BACKUP_PASSPHRASE: '바다가 보이는 언덕' }
    await succeed(t, dir, ['create', '--to', `${place}/`, '--keep', '1'], secret)
    const packed = onlyFileIn(place)
    assert.match(packed, /\.tar\.zst\.age$/)
    assert.ok(!readFileSync(packed).includes('SQLite format'))
    assert.match((await backup(t, dir, ['verify', packed])).said, /^The backup is encrypted: give its passphrase/)
    const wrong = await backup(t, dir, ['verify', packed], { BACKUP_PASSPHRASE: 'no' })
    assert.deepEqual(wrong, { code: 1, said: 'The passphrase is not the one of this backup.' })
    writeFileSync(join(dir, 'phrase'), `${secret.BACKUP_PASSPHRASE}\n`)
    await succeed(t, dir, ['verify', packed, '--passphrase-file', join(dir, 'phrase')])
    await succeed(t, dir, ['create', '--to', `${place}/`, '--keep', '1'], secret)
    assert.notEqual(onlyFileIn(place), packed)
  })

  it('that is damaged, of another time, or not in an empty place is refused, and says why', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    const refused = async (args: readonly string[], why: RegExp) => {
      const { code, said } = await backup(t, dir, args)
      assert.equal(code, 1, said)
      assert.match(said, why)
      assert.doesNotMatch(said, /^\s+at /m)
    }
    await refused(['create', '--to', `${place}/`], /^There is nothing to back up in DATA_DIR/)
    await createAdmin(t, dir)
    const file = join(place, 'all.tar.zst')
    await succeed(t, dir, ['create', '--to', file])
    await refused(['create', '--to', file], /is there already; backups are not written over/)
    await refused(['create', '--to', `${place}/`, '--keep', 'many'], /expected a number of at least 1/)
    await refused(['restore', file], /is not empty/)
    await refused(['create', '--to', join(dir, 'backups/')], /is in the data folder itself/)
    await refused(['verify', join(place, 'nothing')], /^There is no backup/)
    await refused(['verify'], /needs the file of a backup/)

    const whole = readFileSync(file)
    for (const [name, bytes] of [
      ['cut', whole.subarray(0, Math.floor(whole.length / 2))],
      ['flipped', flipped(whole)],
      ['empty', Buffer.alloc(0)],
      ['longer', Buffer.concat([whole, Buffer.from('something else')])],
      ['twice', Buffer.concat([whole, whole])],
      ['text', Buffer.from('# readme\n')],
    ] as const) {
      writeFileSync(join(place, name), bytes)
      await refused(['restore', join(place, name), '--to', join(place, `from-${name}`)], /damaged|cannot be used/)
      assert.ok(!existsSync(join(place, `from-${name}`)), 'nothing is half done')
    }
  })

  it('follows links, stays out of data folders, and takes the place of nothing that came meanwhile', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    await createAdmin(t, dir)
    const file = join(place, 'all.tar.zst')
    await succeed(t, dir, ['create', '--to', file])
    symlinkSync(dir, join(place, 'to-data'))
    symlinkSync(join(place, 'nowhere'), join(place, 'dangling'))
    for (const [args, why] of [
      [['create', '--to', join(place, 'to-data', 'b.tar.zst')], /is in the data folder itself/],
      [['create', '--to', join(place, 'dangling')], /is a link that leads nowhere/],
      [['restore', file, '--to', join(dir, 'inner')], /is within the data folder/],
      [['restore', file, '--to', file], /is no folder/],
      [['verify', place], /EISDIR|is no backup/],
    ] as const) {
      const { code, said } = await backup(t, dir, args)
      assert.equal(code, 1, said)
      assert.match(said, why)
      assert.doesNotMatch(said, /^\s+at /m)
    }
    mkdirSync(join(place, 'real'))
    symlinkSync(join(place, 'real'), join(place, 'link'))
    await succeed(t, dir, ['restore', file, '--to', join(place, 'link')])
    assert.ok(existsSync(join(place, 'real', 'user.db')) && lstatSync(join(place, 'link')).isSymbolicLink())

    const late = join(place, 'late')
    const restoring = backup(t, dir, ['restore', file, '--to', late])
    await eventually(() => assert.ok(readdirSync(place).some((name) => name.startsWith('late.restoring-'))))
    mkdirSync(late)
    writeFileSync(join(late, 'mine'), 'x')
    const { code, said } = await restoring
    assert.equal(code, 1, said)
    assert.deepEqual(readdirSync(late), ['mine'])
    assert.deepEqual(
      readdirSync(place).filter((name) => /restoring|verify|partial/.test(name)),
      [],
    )
  })

  it('that is ended by a signal removes what it had begun', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    await createAdmin(t, dir)
    const file = join(place, 'all.tar.zst')
    await succeed(t, dir, ['create', '--to', file])
    const program = await spawnProgram(t, {
      file: join(MAIN, '../backup.ts'),
      args: ['restore', file, '--to', join(place, 'restored')],
      env: testEnv(dir),
    })
    await eventually(() => assert.ok(readdirSync(place).some((name) => name.startsWith('restored.restoring-'))))
    await program.kill('SIGTERM')
    assert.deepEqual(readdirSync(place), ['all.tar.zst'])
  })

  it('of a server that had lost an uploaded file, or its statistics, says so, and is restored all the same', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    await createAdmin(t, dir)
    const server = await spawnServer(t, { DATA_DIR: dir })
    const person = await register(await server.urls(), '보낸이')
    await person.post('/files', picture('산.png'))
    await server.kill('SIGTERM')
    rmSync(join(dir, 'blobs', 'chat'), { recursive: true })
    writeFileSync(join(dir, 'analytics.duckdb'), 'no statistics')
    const file = join(place, 'all.tar.zst')
    await succeed(t, dir, ['create', '--to', file])
    const verified = await backup(t, dir, ['verify', file])
    assert.equal(verified.code, 1)
    assert.match(
      verified.said,
      /can be restored, but lacks .*the uploaded file \w+.* is missing.*analytics\.duckdb cannot be opened/,
    )
    const restored = join(place, 'restored')
    assert.match(await succeed(t, dir, ['restore', file, '--to', restored]), /Restored \d+ files/)
    assert.notEqual(epochOf(restored), epochOf(dir), 'clients load anew')
    const again = await spawnServer(t, { DATA_DIR: restored })
    await signIn(await again.urls(), person)
    await eventually(() => assert.ok(!existsSync(join(restored, 'restored')), 'the statistics are made anew'))
    await again.kill('SIGTERM')
  })

  it('that was broken off leaves nothing, and the next one works', async (t) => {
    const [dir, place] = [dataDir(t), dataDir(t)]
    await createAdmin(t, dir)
    mkdirSync(join(dir, '.backup'))
    copyFileSync(join(dir, 'user.db'), join(dir, '.backup', 'old.db'))
    await succeed(t, dir, ['create', '--to', join(place, 'a.tar.zst')])
    await succeed(t, dir, ['restore', join(place, 'a.tar.zst'), '--to', join(place, 'restored')])
    assert.ok(!existsSync(join(place, 'restored', 'old.db')))
    rmSync(join(place, 'restored'), { recursive: true })
  })
})

function epochOf(dir: string): unknown {
  const db = new DatabaseSync(join(dir, 'chat.db'), { readOnly: true })
  try {
    return db.prepare('SELECT epoch FROM store').get()!['epoch']
  } finally {
    db.close()
  }
}

const isWritten = ({ message_type }: Message): boolean => message_type !== 'system'

/** A single changed byte may name the same bytes of a database in another place, and then nothing is damaged: 64 cannot. */
function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes)
  const from = Math.floor(other.length * 0.7)
  for (let at = from; at < from + 64; at++) other[at] = other[at]! ^ 0xff
  return other
}
