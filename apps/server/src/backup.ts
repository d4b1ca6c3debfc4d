import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ConfigError } from '@bigtech/config'
import { createBackup, versionOfProgram } from './backup/create.ts'
import { restoreBackup, verifyBackup } from './backup/restore.ts'
import { config } from './config.ts'
import { StartupError } from './startup-error.ts'

const USAGE = `Backups of a server on files (DATA_DIR), while it runs or not. Of PROFILE=distributed each engine has its own: docs/backup.md.

  npm run backup -- create [--to FILE|FOLDER/] [--keep N]
      Writes all of the data folder, as it was at one moment, into one file. Default: a new one in ./backups/.
      With --keep the N newest of the folder stay.
  npm run backup -- verify FILE
      Unpacks it, and looks at every file, every page of the databases, every uploaded file of a message.
  npm run backup -- restore FILE [--to FOLDER]
      Puts it into an empty folder. Default: DATA_DIR.

With a passphrase in BACKUP_PASSPHRASE, or in the first line of --passphrase-file F, it is encrypted (age).
Not in it: letters below mail/, the speech model, logs.
`

try {
  await main(process.argv.slice(2))
} catch (error) {
  // A full disk, a place that may not be written: the system's own words name it.
  const isOfSystem = error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined
  const expected = error instanceof StartupError || error instanceof ConfigError || isOfSystem
  console.error(expected ? error.message : error)
  process.exitCode = 1
}

async function main([command, ...args]: string[]): Promise<void> {
  const isAsked = command === undefined || command === 'help' || command === '--help'
  if (isAsked || !['create', 'verify', 'restore'].includes(command)) {
    process.stderr.write(USAGE)
    process.exitCode = isAsked ? 0 : 2
    return
  }
  const { values, positionals } = parsed(args)
  const passphrase = await passphraseOf(values['passphrase-file'])
  const left = positionals.slice(command === 'create' ? 0 : 1)
  if (left.length > 0)
    throw new StartupError(
      `${command} takes no ${JSON.stringify(left[0])}${command === 'create' ? '; --to says where' : ''}.`,
    )
  if (command === 'create') return create({ to: values.to ?? './backups/', keep: values.keep, passphrase })
  const [file] = positionals
  if (file === undefined) throw new StartupError(`${command} needs the file of a backup.`)
  if (command === 'verify') {
    const { manifest, lacks } = await verifyBackup({ file, passphrase, dataDir: config.parse(process.env).DATA_DIR })
    if (lacks.length > 0)
      throw new StartupError(`${file} can be restored, but lacks what was lost before: ${lacks.join('; ')}.`)
    console.log(`${file} is whole: ${manifest.files.length} files, of ${manifest.created_at}.`)
    return
  }
  const to = values.to ?? config.parse(process.env).DATA_DIR
  const { manifest, lacks } = await restoreBackup({ file, passphrase, to })
  for (const one of lacks) console.error(one)
  console.log(
    `Restored ${manifest.files.length} files of ${manifest.created_at} into ${to}. Start the server: npm start`,
  )
}

async function create(asked: { to: string; keep: string | undefined; passphrase: string | undefined }): Promise<void> {
  const { DATA_DIR: dataDir, PROFILE } = config.parse(process.env)
  if (PROFILE === 'distributed')
    throw new StartupError(
      'PROFILE=distributed: its data is in MySQL, S3 and the others. docs/backup.md says how each is backed up.',
    )
  const { file, bytes, files, heldMs, warnings } = await createBackup({
    dataDir,
    to: asked.to,
    passphrase: asked.passphrase,
    version: await versionOfProgram(),
    now: new Date(),
    ...(asked.keep === undefined ? {} : { keep: countOf(asked.keep) }),
  })
  for (const warning of warnings) console.error(warning)
  console.log(
    `${file}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB. Nobody could write for ${Math.ceil(heldMs)} ms.`,
  )
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new StartupError(`--keep has ${JSON.stringify(text)}; expected a number of at least 1.`)
}

async function passphraseOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env['BACKUP_PASSPHRASE'] || undefined
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new StartupError(
      `--passphrase-file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  const [line = ''] = text.split(/\r?\n/, 1)
  if (line === '') throw new StartupError(`--passphrase-file ${file} has an empty first line.`)
  return line
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: 'string' }, keep: { type: 'string' }, 'passphrase-file': { type: 'string' } },
    })
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error))
  }
}
