/** `npm run flow [-- --markdown]`: what a registration does in each engine, step by step, on real servers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { noEngines } from '../tests/support/engines.ts'
import { startInstallation } from './flow/installation.ts'
import { toMarkdown, toText } from './flow/page.ts'
import { runFlow, type Happened } from './flow/run.ts'
import { pick, runs, startServers } from './stack/choose.ts'
import { folder, StackError } from './stack/work.ts'

const PAGE = 'docs/registration-flow.md'
const HELP = `npm run flow                  registers somebody on real servers and prints what each step does in them
npm run flow -- --markdown    writes ${PAGE} from it`

const stops: (() => unknown)[] = []
let ending: Promise<void> | undefined
/** In the reverse order of the beginnings; what cannot be ended any more keeps nothing from being ended. */
const end = () =>
  (ending ??= (async () => {
    for (const stop of stops.splice(0).toReversed())
      try {
        await stop()
      } catch (error) {
        console.error(error)
      }
  })())
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    console.log('\nstopping')
    void end().then(() => process.exit(130))
  })

try {
  await main()
} catch (error) {
  // What breaks while everything is being ended is a consequence of that.
  if (!ending) {
    const usage = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
    console.error(error instanceof StackError || usage ? (error as Error).message : error)
    process.exitCode = 1
  }
}
await end()
// The drivers of the engines may still hold timers of theirs.
process.exit()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { markdown: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) return console.log(HELP)
  if (noEngines()) await startStack()
  const installation = await startInstallation()
  stops.push(() => installation.close())
  const happened: Happened[] = []
  for await (const one of runFlow(installation)) {
    happened.push(one)
    console.log(values.markdown ? `${happened.length}. ${one.step.title}` : toText(one, happened.length))
  }
  if (!values.markdown) return console.log(`\n${PAGE} explains it.`)
  writeFileSync(join(import.meta.dirname, '..', PAGE), toMarkdown(happened))
  console.log(`written: ${PAGE}`)
}

/** Servers of the stack; those that did not run before do not run after. */
async function startStack(): Promise<void> {
  folder()
  const engines = pick(['mariadb', 'redis', 'kafka', 's3'])
  const begun = engines.filter((server) => !runs(server))
  stops.push(async () => {
    for (const server of begun.toReversed()) await server.stop()
  })
  await startServers(engines)
  for (const { settings } of engines) Object.assign(process.env, settings)
}
