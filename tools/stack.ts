/**
 * Real servers on loopback, from packages, without Docker: `npm run stack -- up|down|status|logs|env|kill [names]`; see CONTRIBUTING.md.
 */
import { existsSync, readFileSync } from 'node:fs'
import { servers, USUAL } from './stack/servers/index.ts'
import { partly, pick, runs, startServers } from './stack/choose.ts'
import { end, folder, logFile, pidOf, StackError } from './stack/work.ts'

const HELP = `npm run stack -- up [names]      install what is missing and start; default: ${USUAL.join(' ')}
npm run stack -- down [names]    stop; default: whatever runs
npm run stack -- status          what runs, and where
npm run stack -- logs NAME       the end of a log
npm run stack -- env [names]     settings for a program that uses what runs
npm run stack -- kill PROCESS    end one with SIGKILL, to see what happens (a cluster has several)

names: ${servers.map(({ name }) => name).join(' ')}`

async function up(names: readonly string[]): Promise<void> {
  folder()
  await startServers(pick(names.length > 0 ? names : USUAL))
  status()
}

async function down(names: readonly string[]): Promise<void> {
  const chosen = names.length > 0 ? servers.filter(({ name }) => names.includes(name)) : servers.filter(partly)
  pick(names)
  for (const server of chosen.toReversed()) {
    const ran = partly(server)
    await server.stop()
    console.log(ran ? `${server.name} is stopped` : `${server.name} did not run`)
  }
  if (chosen.length === 0) console.log('nothing runs')
}

function status(): void {
  const width = Math.max(...servers.map(({ name }) => name.length))
  for (const server of servers) {
    const state = runs(server) ? 'runs' : partly(server) ? 'partly' : 'stopped'
    const where = partly(server) ? Object.values(server.settings)[0]! : server.title
    console.log(`${server.name.padEnd(width)}  ${state.padEnd(7)}  ${where}`)
  }
}

function logs([name]: readonly string[]): void {
  const [server] = pick(name === undefined ? [] : [name])
  if (!server) throw new StackError('whose log? npm run stack -- logs NAME')
  for (const each of server.processes) {
    if (server.processes.length > 1) console.log(`--- ${each}`)
    console.log(existsSync(logFile(each)) ? readFileSync(logFile(each), 'utf8').split('\n').slice(-40).join('\n') : '')
  }
}

function env(names: readonly string[]): void {
  for (const { settings } of names.length > 0 ? pick(names) : servers.filter(runs))
    for (const [name, value] of Object.entries(settings)) console.log(`${name}=${value}`)
}

async function kill(names: readonly string[]): Promise<void> {
  if (names.length === 0) throw new StackError('which one? npm run stack -- kill NAME')
  const processes = new Set(servers.flatMap((server) => server.processes))
  for (const name of names) {
    if (!processes.has(name))
      throw new StackError(`there is no process ${name}; there are ${[...processes].join(', ')}`)
    const ran = pidOf(name) !== undefined
    await end(name, 'SIGKILL')
    console.log(ran ? `${name} is gone` : `${name} did not run`)
  }
}

const commands: Record<string, (names: readonly string[]) => void | Promise<void>> = {
  up,
  down,
  status,
  logs,
  env,
  kill,
}

const [word = 'help', ...names] = process.argv.slice(2)
const command = Object.hasOwn(commands, word) ? commands[word] : undefined
try {
  if (command) await command(names)
  else console.log(HELP)
  if (!command && word !== 'help') process.exitCode = 2
} catch (error) {
  if (!(error instanceof StackError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
