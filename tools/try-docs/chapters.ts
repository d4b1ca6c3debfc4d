import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { eventually } from '@bigtech/testkit'
import { blockOf, commandsOf, linesOf, real } from './documents.ts'
import { API, clean, Place } from './place.ts'

/** Blocks of documents by their names. */
export const BLOCKS = {
  start: 'README.md',
  tour: 'README.md',
  admin: 'README.md',
  backup: 'docs/backup.md',
  upgrade: 'docs/upgrade.md',
} as const

export const RESTORING = ['docs/backup.md', 'Restoring'] as const

/** Where a trial takes place. */
export type Trial = Readonly<{
  root: string
  /** Empty, and gone afterwards. */
  folder: string
  /** The commit that is tried. */
  revision: string
  /** The version that `upgrade` begins with. */
  from: string | undefined
}>

/** @returns why it was not tried, if it was not */
export type Chapter = (trial: Trial) => Promise<string | undefined>

const ADMIN = { email: 'admin@example.com', password: 'Test1234!@' }
const SAID = '안녕하세요!'

type Answer = Readonly<{ status: number; body: unknown }>
type Items<T> = Readonly<{ items: readonly T[] }>

async function call(path: string, options: { token?: string; body?: unknown } = {}): Promise<Answer> {
  const { token, body } = options
  const response = await fetch(`${API}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

async function signIn(email: string, password: string): Promise<string> {
  const { status, body } = await call('/auth/login/json', { body: { email, password } })
  assert.equal(status, 200, JSON.stringify(body))
  return (body as { access_token: string }).access_token
}

const asBob = () => signIn('bob@example.com', 'Test1234!@')

/** Of his one room. */
async function bobsRoom(token: string): Promise<number> {
  const { items } = (await call('/chat-rooms', { token })).body as Items<{ id: number }>
  assert.equal(items.length, 1)
  return items[0]!.id
}

/** What is said in Bob's room, in the order of the log. */
async function bobsTexts(): Promise<string[]> {
  const token = await asBob()
  const { body } = await call(`/messages/${await bobsRoom(token)}?limit=100`, { token })
  const { items } = body as Items<{ seq: number; content: string }>
  return items.toSorted((a, b) => a.seq - b.seq).map(({ content }) => content)
}

async function bobSays(content: string): Promise<void> {
  const token = await asBob()
  assert.equal((await call(`/messages/${await bobsRoom(token)}`, { token, body: { content } })).status, 201)
}

/** The lines of a block as somebody works through them: `npm start` goes on until a comment says to stop it. */
async function follow(
  place: Place,
  block: string,
  skip: (command: string) => string | undefined = () => undefined,
): Promise<void> {
  for (const { command, comment } of linesOf(block)) {
    if (/^stop it\b/.test(comment)) await place.stop()
    if (command === '') continue
    const reason = skip(command)
    if (reason !== undefined) console.log(`  (${command}: ${reason})`)
    else if (command === 'npm start') await place.start()
    else await place.must(command)
  }
}

async function tour(place: Place): Promise<void> {
  const output = await place.must(blockOf(place.folder, BLOCKS.tour, 'tour'))
  assert.match(output, new RegExp(SAID))
}

/** README and deployment.md: start, the tour, the doctor, an administrator, Ctrl-C. */
const server: Chapter = async ({ root, folder, revision }) => {
  const place = await Place.clone(root, join(folder, 'server'), revision)
  try {
    const [first] = linesOf(blockOf(place.folder, BLOCKS.start, 'start'))
    assert.equal(first?.command, 'npm start')
    await place.start()
    await tour(place)
    await place.must('npm run doctor')
    await place.stop()
    const [admin] = linesOf(blockOf(place.folder, BLOCKS.admin, 'admin'))
    await place.must(admin!.command, `${ADMIN.password}\n${ADMIN.password}\n`)
    await place.start()
    const token = await signIn(ADMIN.email, ADMIN.password)
    assert.equal((await call('/ops/health', { token })).status, 200)
    assert.equal((await call('/ops/health', { token: await asBob() })).status, 403)
    assert.deepEqual(await bobsTexts(), [SAID], 'what was said before is there')
    await place.stop()
    assert.doesNotMatch(place.log(), /"level":"(error|fatal)"/, 'its log has no error')
    return undefined
  } finally {
    await place.stop('SIGKILL')
  }
}

/** backup.md: a backup while it runs; then a disk that is gone, and one of which a part is gone. */
const restore: Chapter = async ({ root, folder, revision }) => {
  const place = await Place.clone(root, join(folder, 'restore'), revision)
  const [create, verify] = linesOf(blockOf(place.folder, BLOCKS.backup, 'backup'))
  const putBack = async (file: string) => {
    for (const command of commandsOf(place.folder, ...RESTORING)) {
      const line = command.replace('FILE', file)
      if (line === 'npm start') await place.start()
      else await place.must(line)
    }
  }
  try {
    await place.start()
    await tour(place)
    await place.must(create!.command)
    const [file] = readdirSync(join(place.folder, 'backups'))
    assert.ok(file)
    await place.must(real(verify!.command, { FILE: file }))
    // Power or a disk goes away, after something that no backup has.
    await bobSays('백업 뒤')
    await place.stop('SIGKILL')
    await place.must('rm data/chat.db*')
    const refused = await place.run('npm start')
    assert.notEqual(refused.code, 0)
    assert.match(refused.output, /--accept-loss/)
    await putBack(`backups/${file}`)
    assert.deepEqual(await bobsTexts(), [SAID])
    await place.stop()
    return undefined
  } finally {
    await place.stop('SIGKILL')
  }
}

/** upgrade.md, from another version to this one, under a client of the other version that stays. */
const upgrade: Chapter = async ({ root, folder, revision, from }) => {
  if (from === undefined) return 'no version to begin with: --from REVISION'
  const place = await Place.clone(root, join(folder, 'upgrade'), from)
  const old = await Place.clone(root, join(folder, 'old'), from)
  const stops: (() => unknown)[] = []
  try {
    await old.must('npm ci --omit=dev --loglevel=error')
    await place.start()
    await tour(place)
    const client = await oldClient(old, stops)
    await client.say('판올림 전')
    const block = real(blockOf(root, BLOCKS.upgrade, 'upgrade'), {
      '/mnt/backup/': `${folder}/backup/`,
      'v0.2.0': revision,
    })
    let isOld = true
    await follow(place, block, (command) => {
      if (command.startsWith('git ')) isOld = false
      const script = /^npm run (\S+)/.exec(command)?.[1]
      if (isOld && script && !(script in place.scripts())) return `${from} has no such command`
      return undefined
    })
    await client.say('판올림 뒤')
    assert.deepEqual(await bobsTexts(), [SAID, '판올림 전', '판올림 뒤'])
    await bobSays('새 판에서')
    await client.hears('새 판에서')
    await place.stop()
    return undefined
  } finally {
    for (const stop of stops) await stop()
    await place.stop('SIGKILL')
  }
}

async function oldClient(place: Place, stops: (() => unknown)[]) {
  const program = join(import.meta.dirname, 'old-client.mjs')
  const args = [program, place.folder, API, 'alice@example.com', 'Test1234!@']
  const child = spawn(join(place.folder, 'node_modules/.bin/node'), args, {
    env: clean(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  stops.push(() => child.kill())
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const told = (line: string) =>
    eventually(() => assert.ok(lines.includes(line), `the client of before has not told: ${line}`), {
      timeoutMs: 30_000,
    })
  await told('ready')
  console.log('  a client of that version is connected')
  return {
    async say(text: string) {
      child.stdin.write(`${text}\n`)
      await told(`said ${text}`)
      console.log(`  it says: ${text}`)
    },
    async hears(text: string) {
      await told(`heard ${text}`)
      console.log(`  it hears: ${text}`)
    },
  }
}

const elsewhere =
  (where: string): Chapter =>
  async () =>
    where

/** In the order of the documents. */
export const CHAPTERS: Readonly<Record<string, Chapter>> = {
  server,
  restore,
  upgrade,
  compose: elsewhere('it needs Docker; tools/compose/*.test.ts compares the files with the code'),
  kubernetes: elsewhere('it needs a cluster; `KUBE_APISERVER=… npm test -- unit tools/kubernetes` tries the manifests'),
}
