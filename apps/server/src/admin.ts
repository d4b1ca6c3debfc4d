import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { ConfigError } from '@bigtech/config'
import { AppError } from '@bigtech/kernel'
import { MigrationError } from '@bigtech/sql'
import { createLogger } from '@bigtech/telemetry'
import { config } from './config.ts'
import { openDataDir } from './data-dir.ts'
import { createEmbeddedProfile } from './profiles/embedded.ts'
import { createInProcessClient } from './profiles/in-process-client.ts'
import type { MadeServices } from './profiles/profile.ts'
import { StartupError } from './startup-error.ts'

const USAGE = `Administration, with the settings of the server in the environment. Of a server on files (DATA_DIR): stop it first, its files have one
owner at a time. With PROFILE=distributed, and what user-service needs, servers may run meanwhile.

  npm run admin -- create-admin --email E --username U [--password P]
      Creates an administrator, or makes the existing account with this e-mail one.
      Without --password it is asked for (or read from standard input).
  npm run admin -- rebuild-projections --partition N|all
      With PROFILE=distributed, and what chat-service needs: makes the tables of a partition of the chats anew from
      its log. Servers may run meanwhile; until it is done its rooms are missing or old to whoever reads them.
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
  switch (command) {
    case 'create-admin':
      return createAdmin(args)
    case 'rebuild-projections': {
      const { rebuildProjections } = await import('./rebuild-projections.ts')
      return rebuildProjections(options(args).partition, process.env)
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
  await (process.env['PROFILE'] === 'distributed' ? onEngines(create) : inFolder(create))
}

type Work = (services: Pick<MadeServices, 'user'>) => Promise<void>

/** Alone with the files. */
async function inFolder(work: Work): Promise<void> {
  const settings = config.parse(process.env)
  const data = openDataDir(settings.DATA_DIR)
  try {
    const nobody = createInProcessClient(notServing)
    const logger = createLogger({ level: 'warn' })
    const profile = await createEmbeddedProfile(settings, data, logger, { user: nobody, chat: nobody }, notServing)
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
async function onEngines(work: Work): Promise<void> {
  const settings = config.parse({ ...process.env, ROLES: 'user', NODE_ID: '' })
  const { createDistributedProfile } = await import('./profiles/distributed/profile.ts')
  const profile = await createDistributedProfile(settings, createLogger({ level: 'error' }), {})
  try {
    await work({ user: profile.services.user! })
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
