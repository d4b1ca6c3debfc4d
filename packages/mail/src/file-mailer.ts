import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '@bigtech/kernel'
import type { Mailer } from './mail.ts'

/** Writes each mail as an `.eml` file (mode 0600) into a folder instead of sending it; mail programs open them. */
export function createFileMailer(options: { folder: string; from: string }): Mailer & {
  /** Deletes mails from before `time` (ms); returns how many. */
  prune(time: number): Promise<number>
} {
  const { folder, from } = options
  return {
    async send(mail) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
      const { message } = await transport.sendMail({ from, ...mail })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = newId()
      const draft = join(folder, `.${name}`)
      await writeFile(draft, message as Buffer, { mode: 0o600 })
      await rename(draft, join(folder, `${name}.eml`))
    },
    async prune(time) {
      const names = await readdir(folder).catch(() => [])
      let count = 0
      for (const name of names) {
        const file = join(folder, name)
        if (!name.endsWith('.eml') || (await stat(file)).mtimeMs >= time) continue
        await rm(file, { force: true })
        count++
      }
      return count
    },
  }
}
