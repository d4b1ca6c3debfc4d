import { parseArgs } from 'node:util'
import { openNetwork } from './demo/terminal-network.ts'
import { createPerson, type Person } from './demo/terminal-person.ts'
import { createScreen } from './demo/terminal-screen.ts'
import { createOwnServer } from './demo/terminal-server.ts'
import { playStory, type Check } from './demo/terminal-story.ts'
import { StartupError } from './startup-error.ts'

const USAGE = `Usage: npm run demo [-- --url http://127.0.0.1:8080]

Two people chat in this terminal; then the network of one is cut, the server is killed, and nothing is lost.
Starts a server of its own unless --url names one (which is not killed). Takes about 15 seconds.`

/** A story that takes longer has got stuck. */
const LIMIT_MS = 90_000

const cleanups: (() => void)[] = []
function cleanUp(): void {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    cleanUp()
    process.exit(130)
  })

try {
  const { values } = parseArgs({ options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) console.log(USAGE)
  else process.exitCode = report(await run(values.url))
} catch (error) {
  console.error(error instanceof Error ? `The demo failed: ${error.message}` : error)
  process.exitCode = 1
} finally {
  cleanUp()
}
// Idle connections of fetch would hold the process for some seconds more.
process.exit()

async function run(url: string | undefined): Promise<Check[]> {
  const screen = createScreen(process.stdout, { left: '김민수', right: '이지우' })
  const server = url === undefined ? await createOwnServer() : undefined
  if (server) {
    cleanups.push(() => server.remove())
    screen.tell('서버를 시작합니다 … (starting a server)')
    await server.start()
  }
  const address = server?.url ?? new URL(url!)
  if (address.protocol !== 'http:')
    throw new StartupError('--url must begin with http:// (the demo cuts the connection itself).')
  const network = await openNetwork(address)
  cleanups.push(() => network.close())
  const overdue = setTimeout(() => {
    console.error('The demo failed: it got stuck.')
    cleanUp()
    process.exit(1)
  }, LIMIT_MS)
  cleanups.push(() => clearTimeout(overdue))

  screen.chapter('BigTech Chat')
  const join = async (person: Pick<Parameters<typeof createPerson>[0], 'baseUrl' | 'name' | 'username' | 'column'>) => {
    const joined: Person = await createPerson({ ...person, screen })
    cleanups.push(() => joined.sync.close())
    return joined
  }
  const minsu = await join({ baseUrl: address.origin, name: '김민수', username: 'minsu', column: 'left' })
  const jiwoo = await join({ baseUrl: network.url, name: '이지우', username: 'jiwoo', column: 'right' })
  return playStory({ screen, minsu, jiwoo, network, server })
}

/** @returns the exit code */
function report(checks: readonly Check[]): number {
  const failed = checks.filter((check) => !check.ok)
  console.log('\n── 결과 (summary) ──')
  for (const { ok, name, detail } of checks) console.log(`${ok ? '✔' : '✖'} ${name}${detail ? `: ${detail}` : ''}`)
  console.log(
    failed.length === 0 ? '\n모두 확인했습니다. Everything arrived, once and in order.' : `\n${failed.length} failed.`,
  )
  return failed.length === 0 ? 0 : 1
}
