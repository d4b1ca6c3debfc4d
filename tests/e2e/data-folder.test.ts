import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { call, openDirect, register, signIn, spawnServer, type Page, type Room } from '../support/index.ts'
import { dataDir, refusesToStart } from '../support/process-world.ts'

/** Ends with what it wrote in the files, and not beside them. */
async function stop(server: Awaited<ReturnType<typeof spawnServer>>): Promise<void> {
  assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null }, server.output())
}

/** A folder with two people who have talked, at rest. */
async function folderOfTwo(t: TestContext) {
  const dir = dataDir(t)
  const server = await spawnServer(t, { DATA_DIR: dir })
  const urls = await server.urls()
  const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
  const room = await openDirect(one, other)
  await one.say(room.id, '우리만의 말')
  await stop(server)
  return { dir, one, other }
}

async function oneLine(t: TestContext, dir: string, expected: RegExp): Promise<void> {
  const lines = await refusesToStart(t, { DATA_DIR: dir, LOG_FILE: join(dir, 'server.log') })
  assert.equal(lines.length, 1, lines.join('\n'))
  assert.match(lines[0]!, expected)
}

const remove = (dir: string, name: string) => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, name + suffix), { force: true })
}

describe('a data folder that is not complete', { concurrency: 2 }, () => {
  it(
    'each database is missed, and nothing is touched; with --accept-loss it goes on',
    { timeout: 120_000 },
    async (t) => {
      const { dir, one } = await folderOfTwo(t)
      for (const name of ['user.db', 'friend.db', 'chat.db', 'events.db', 'idempotency.db']) {
        copyFileSync(join(dir, name), join(dir, 'kept'))
        remove(dir, name)
        await oneLine(t, dir, new RegExp(`${name} is missing.*backup.*--accept-loss`))
        assert.ok(!existsSync(join(dir, name)), 'no new one in its place')
        copyFileSync(join(dir, 'kept'), join(dir, name))
      }
      remove(dir, 'friend.db')
      const server = await spawnServer(t, { DATA_DIR: dir }, { args: ['--accept-loss'] })
      const again = await signIn(await server.urls(), one)
      assert.equal((await again.get<Page<Room>>('/chat-rooms')).items.length, 1)
      await stop(server)
      await stop(await spawnServer(t, { DATA_DIR: dir }))
    },
  )

  for (const [what, lose] of Object.entries({
    'accounts are lost': () => {},
    'accounts and the mark of their ids are lost': (dir: string) => rmSync(join(dir, 'user-ids')),
    'accounts are lost and the mark is of an older copy': (dir: string) => writeFileSync(join(dir, 'user-ids'), '1'),
  }))
    it(`${what}: nobody new gets the id, and so the rooms, of somebody old`, async (t) => {
      const { dir, one, other } = await folderOfTwo(t)
      remove(dir, 'user.db')
      lose(dir)
      const server = await spawnServer(t, { DATA_DIR: dir }, { args: ['--accept-loss'] })
      const urls = await server.urls()
      for (const name of ['셋', '넷', '다섯']) {
        const fresh = await register(urls, name)
        assert.ok(fresh.id > Math.max(one.id, other.id))
        assert.deepEqual((await fresh.get<Page<Room>>('/chat-rooms')).items, [])
      }
    })

  it('emptied, overwritten, from another folder: each is told', { timeout: 120_000 }, async (t) => {
    const [{ dir }, other] = [await folderOfTwo(t), await folderOfTwo(t)]
    truncateSync(join(dir, 'chat.db'), 0)
    writeFileSync(join(dir, 'events.db'), 'not a database at all '.repeat(1_000))
    copyFileSync(join(other.dir, 'friend.db'), join(dir, 'friend.db'))
    await oneLine(
      t,
      dir,
      /friend\.db belongs to another.*chat\.db is empty.*events\.db cannot be read \(file is not a database\)/,
    )
    const server = await spawnServer(t, { DATA_DIR: dir }, { args: ['--accept-loss'] })
    const names = readdirSync(dir).join()
    for (const name of ['chat', 'events'])
      assert.match(names, new RegExp(`${name}\\.db\\.damaged-`), 'set aside, not deleted')
    assert.equal((await call('GET', `${(await server.urls()).gateway}/ready`)).status, 200)
  })

  it('a folder from before, and one whose first start was cut short, are taken as they are', async (t) => {
    const { dir } = await folderOfTwo(t)
    rmSync(join(dir, 'identity.json'))
    await stop(await spawnServer(t, { DATA_DIR: dir }))
    assert.ok(existsSync(join(dir, 'identity.json')))
    remove(dir, 'chat.db')
    rmSync(join(dir, 'identity.json'))
    await oneLine(t, dir, /chat\.db is missing/)
    const young = dataDir(t)
    writeFileSync(join(young, 'identity.json'), '{"id":7,"databases":[]}')
    copyFileSync(join(dir, 'user.db'), join(young, 'user.db'))
    await oneLine(t, young, /user\.db belongs to another/)
    rmSync(join(young, 'user.db'))
    // Killed just after the file was made.
    writeFileSync(join(young, 'idempotency.db'), '')
    await stop(await spawnServer(t, { DATA_DIR: young }))
    truncateSync(join(young, 'idempotency.db'), 0)
    await oneLine(t, young, /idempotency\.db is empty/)
  })

  it('the search index is not missed: it is made from the messages', async (t) => {
    const { dir, other } = await folderOfTwo(t)
    remove(dir, 'chat-search.db')
    const server = await spawnServer(t, { DATA_DIR: dir, LOG_LEVEL: 'warn' })
    const reader = await signIn(await server.urls(), other)
    await eventually(async () => {
      const { items } = await reader.get<Page<{ content: string }>>('/messages/search?q=%EC%9A%B0%EB%A6%AC')
      assert.deepEqual(
        items.map(({ content }) => content),
        ['우리만의 말'],
      )
    })
    // What a process says comes through a pipe of its own, later than its answers.
    await eventually(() =>
      assert.equal(server.output().match(/chat-search\.db is made anew: it is missing/g)?.length, 1),
    )
  })

  it('a mark that is none is told', async (t) => {
    const { dir } = await folderOfTwo(t)
    writeFileSync(join(dir, 'user-ids'), 'many')
    await oneLine(t, dir, /user-ids must hold the highest user id ever given; it holds "many"/)
  })

  it('a signing key that cannot be read is no reason to make another', async (t) => {
    const { dir } = await folderOfTwo(t)
    const [key] = readdirSync(join(dir, 'keys'))
    writeFileSync(join(dir, 'keys', key!), 'scrambled')
    await oneLine(t, dir, /signing key .*\.pem cannot be read.*Restore/)
  })
})
