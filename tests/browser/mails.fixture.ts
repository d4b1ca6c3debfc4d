import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMail } from '@bigtech/mail/testing'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import type { World } from './browser.fixture.ts'

/** Where the mails to somebody lead that lead to this page, each address as a person would open it. Without a mail server mails are files. */
function linksTo({ dataDir }: World, email: string, page: string): string[] {
  const folder = join(dataDir, 'mail')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .toSorted()
    .map((name) => readMail(readFileSync(join(folder, name), 'utf8')))
    .filter((mail) => mail.header('To')?.includes(email))
    .flatMap(({ text }) => new RegExp(`https?://\\S+${page}\\?token=[\\w-]+`).exec(text)?.[0] ?? [])
}

/** Waits until so many were sent. @returns the latest */
export const linkOf = (world: World, email: string, page: string, count = 1): Promise<string> =>
  eventually(
    () => {
      const links = linksTo(world, email, page)
      if (links.length !== count) throw new Error(`${links.length} mails to ${email}`)
      return links.at(-1)!
    },
    { timeoutMs: 20_000 },
  )

/** Opens the link of a mail that confirms an address, and says that it is theirs. */
export async function confirmAt(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('button', { name: '주소 확인하기' }).click()
}
