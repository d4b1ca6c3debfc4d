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
import { StartupError } from './startup-error.ts'

const USAGE = `Administration of the server in DATA_DIR. Stop the server first: its files have one owner at a time.

  npm run admin -- create-admin --email E --username U [--password P]
      Creates an administrator, or makes the existing account with this e-mail one.
      Without --password it is asked for (or read from standard input).
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
  const settings = config.parse(process.env)
  const data = openDataDir(settings.DATA_DIR)
  try {
    const logger = createLogger({ level: 'warn' })
    const nobody = createInProcessClient(notServing)
    const profile = await createEmbeddedProfile(settings, data, logger, { user: nobody, chat: nobody }, notServing)
    try {
      const { user, created } = await profile.services.user.module.createAdmin({
        email,
        username,
        password: password ?? (await askPassword()),
      })
      console.log(`${email} is now an administrator (user ${user.id}, ${created ? 'new' : 'existing'} account).`)
    } finally {
      await profile.close()
    }
  } finally {
    data.release()
  }
}

function notServing(): never {
  throw new StartupError('no service is running during administration')
}

function options(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { email: { type: 'string' }, username: { type: 'string' }, password: { type: 'string' } },
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
