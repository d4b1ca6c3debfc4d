import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { ConfigError } from '@bigtech/config'
import { AppError } from '@bigtech/kernel'
import { MigrationError } from '@bigtech/sql'
import { createLogger } from '@bigtech/telemetry'
import { config } from './config.ts'
import { openDataDir } from './data-dir.ts'
import { addressOf, reachable } from './addresses.ts'
import { createEmbeddedProfile } from './profiles/embedded/profile.ts'
import { createInProcessClient } from './profiles/in-process-client.ts'
import type { MadeServices } from './profiles/profile.ts'
import { SERVICE_ROLES, type ServiceRole } from './roles.ts'
import { StartupError } from './startup-error.ts'

const USAGE = `Administration, with the settings of the server in the environment. Of a server on files (DATA_DIR): stop it first, its files have one
owner at a time. With PROFILE=distributed, and what user-service needs, servers may run meanwhile.

  npm run admin -- create-admin --email E --username U [--password P]
      Creates an administrator, or makes the existing account with this e-mail one.
      Without --password it is asked for (or read from standard input).
  npm run admin -- migrate
      Brings all databases to this version's schema, makes topics and the bucket if they are not there, and ends: before
      processes of a new version start. Without it the first of them does the same. Servers of this version, or of an older one
      whose notes say so, may run meanwhile.
  npm run admin -- rebuild-projections --partition N|all
      With PROFILE=distributed, and what chat-service needs: makes the tables of a partition of the chats anew from
      its log. Servers may run meanwhile; until it is done its rooms are missing or old to whoever reads them.
  npm run admin -- republish --since TIME
      With PROFILE=distributed, and what chat-service needs: has the services told once more what happened since TIME
      (2026-01-31T09:00:00Z, seven days ago at most), after Kafka has lost it. What has had its effect has none again.
      The services are to run: each tells what is its own.
  npm run admin -- rebuild-analytics [--url U] [--email E] [--password P]
      Makes the statistics anew: from the event log, or with PROFILE=distributed from the objects of the file store. They
      go on answering meanwhile. Asks the server that runs at U (default: the gateway of the settings) as the administrator E;
      on files (DATA_DIR), and without --email, works alone in them: stop the server first.
  npm run admin -- config
      Prints every setting as .env.example.
`

try {
  await main(process.argv.slice(2))
} catch (error) {
  const expected =
    error instanceof AppError ||
    error instanceof ConfigError ||
    error instanceof StartupError ||
    error instanceof MigrationError
  console.error(expected ? error.message : error)
  process.exitCode = 1
}

async function main([command, ...args]: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(USAGE)
  switch (command) {
    case 'create-admin':
      return createAdmin(args)
    case 'migrate':
      options(args)
      return migrateAll()
    case 'rebuild-projections': {
      const { rebuildProjections } = await import('./rebuild-projections.ts')
      return rebuildProjections(options(args).partition, process.env)
    }
    case 'republish': {
      const { republish } = await import('./republish.ts')
      return republish(options(args).since, process.env)
    }
    case 'rebuild-analytics': {
      const { rebuildRemotely } = await import('./rebuild-analytics.ts')
      const { url, email, password } = options(args)
      if (!email && process.env['PROFILE'] !== 'distributed') return rebuildInFolder()
      if (!email) throw new StartupError('rebuild-analytics needs --email of an administrator.')
      const { HOST, GATEWAY_PORT, PUBLIC_URL } = config.parse(process.env)
      const gateway = url ?? PUBLIC_URL ?? addressOf(reachable(HOST), GATEWAY_PORT)
      return rebuildRemotely(gateway, { email, password: password ?? (await askPassword()) })
    }
    case 'config':
      return void process.stdout.write(config.envExample())
    default:
      process.stderr.write(USAGE)
      process.exitCode = command === undefined || command === 'help' || command === '--help' ? 0 : 2
  }
}

async function createAdmin(args: string[]): Promise<void> {
  const { email, username, password } = options(args)
  if (!email || !username) throw new StartupError('create-admin needs --email and --username.')
  const account = async () => ({ email, username, password: password ?? (await askPassword()) })
  const create = async ({ user: service }: Pick<MadeServices, 'user'>) => {
    const { user, created } = await service.module.createAdmin(await account())
    console.log(`${email} is now an administrator (user ${user.id}, ${created ? 'new' : 'existing'} account).`)
  }
  const createThere = ({ user }: Partial<MadeServices>) => create({ user: user! })
  await (process.env['PROFILE'] === 'distributed' ? onEngines(['user'], createThere) : inFolder(create))
}

/** Opening a database brings it to the newest schema; of several who do so at once one does, and the others wait for it. */
async function migrateAll(): Promise<void> {
  const nothing = async () => {}
  // Facts of analytics-service are objects and files made of them: they have no schema to be brought to.
  const migrated = SERVICE_ROLES.filter((role) => role !== 'analytics')
  await (process.env['PROFILE'] === 'distributed' ? onEngines(migrated, nothing) : inFolder(nothing))
  console.log('All databases have the schema of this version.')
}

async function rebuildInFolder(): Promise<void> {
  const { showProgress } = await import('./rebuild-analytics.ts')
  await inFolder(async ({ analytics: { module } }) => {
    const running = module.rebuild.run()
    await showProgress(async () => module.rebuild.state())
    await running
    await module.close()
  })
}

type Work = (services: MadeServices) => Promise<void>

/** Alone with the files. */
async function inFolder(work: Work): Promise<void> {
  const settings = config.parse(process.env)
  const data = openDataDir(settings.DATA_DIR)
  try {
    const nobody = createInProcessClient(notServing)
    const logger = createLogger({ level: 'warn' })
    const profile = await createEmbeddedProfile(
      settings,
      data,
      logger,
      { user: nobody, friend: nobody, chat: nobody },
      notServing,
    )
    try {
      await work(profile.services)
    } finally {
      await profile.close()
    }
  } finally {
    data.release()
  }
}

/** Beside the processes that run: under a name of its own, and without relays and timers, which are theirs. */
async function onEngines(
  roles: readonly ServiceRole[],
  work: (services: Partial<MadeServices>) => Promise<void>,
): Promise<void> {
  const settings = config.parse({ ...process.env, ROLES: roles.join(), NODE_ID: '' })
  const { createDistributedProfile } = await import('./profiles/distributed/profile.ts')
  const profile = await createDistributedProfile(settings, createLogger({ level: 'error' }), {})
  try {
    await work(profile.services)
  } finally {
    await profile.close()
  }
}

function notServing(): never {
  throw new StartupError('no service is running during administration')
}

function options(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        email: { type: 'string' },
        username: { type: 'string' },
        password: { type: 'string' },
        partition: { type: 'string' },
        since: { type: 'string' },
        url: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error))
  }
}

async function askPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question('Password (8 characters or more): ')
  } finally {
    lines.close()
  }
}
