import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCertificate, type Certificate } from './certificate.ts'
import type { Challenges } from './redirect.ts'

/** @param folder of the account and of the last certificate, readable by this user alone */
export type Acme = Readonly<{
  directory: string
  email: string | undefined
  names: readonly string[]
  folder: string
  challenges: Challenges
}>

const ACCOUNT = 'account.json'
/** Certificate, chain and key in one file: they change together. */
const CERTIFICATE = 'certificate.pem'

/** The last one, if it is good for all names and readable; whether it is too old is not asked. */
export function storedCertificate({ folder, names }: Pick<Acme, 'folder' | 'names'>): Certificate | undefined {
  const path = join(folder, CERTIFICATE)
  if (!existsSync(path)) return undefined
  try {
    const pem = readFileSync(path, 'utf8')
    const certificate = readCertificate(pem, pem)
    return names.every((name) => certificate.covers(name)) ? certificate : undefined
  } catch {
    // Another one is asked for.
    return undefined
  }
}

/**
 * Asks the certificate authority for a certificate of the names: it looks for an answer to a question of its own at port 80 of each
 * (RFC 8555, http-01). @throws what it said when it gave none
 */
export async function obtainCertificate({ directory, email, names, folder, challenges }: Acme): Promise<Certificate> {
  const { Client, crypto } = await import('acme-client')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const known = storedAccount(folder, directory)
  const account = known ?? { directory, key: newKey(), url: undefined }
  // With its address it is not registered again, which the library does by an update that some authorities refuse.
  const client = new Client({
    directoryUrl: directory,
    accountKey: account.key,
    ...(account.url === undefined ? {} : { accountUrl: account.url }),
  })
  let isAccepted = false
  const ownKey = newKey()
  const [, csr] = await crypto.createCsr({ commonName: names[0]!, altNames: [...names] }, ownKey)
  const asked = client.auto({
    csr,
    ...(email === undefined ? {} : { email }),
    termsOfServiceAgreed: true,
    // Whether this machine reaches itself under the name says nothing about others.
    skipChallengeVerification: true,
    challengePriority: ['http-01'],
    async challengeCreateFn(_authorization, { token }, answer) {
      if (!known && !isAccepted)
        write(join(folder, ACCOUNT), JSON.stringify({ ...account, url: client.getAccountUrl() }))
      isAccepted = true
      challenges.set(token, answer)
    },
    challengeRemoveFn: async (_authorization, { token }) => void challenges.delete(token),
  })
  const cert = await asked.catch((error: unknown) => {
    // Refused before it asked anything, and answered at all: it does not know the account any more, perhaps. The next try makes one.
    if (!isAccepted && !(error as NodeJS.ErrnoException).code) rmSync(join(folder, ACCOUNT), { force: true })
    throw error
  })
  const certificate = readCertificate(cert, ownKey)
  write(join(folder, CERTIFICATE), `${cert.trim()}\n${ownKey}`)
  return certificate
}

type Account = Readonly<{ directory: string; key: string; url: string | undefined }>

/** One account as long as the folder and the authority last: authorities count new ones. */
function storedAccount(folder: string, directory: string): Account | undefined {
  try {
    const account = JSON.parse(readFileSync(join(folder, ACCOUNT), 'utf8')) as Account
    return account.directory === directory && account.url && account.key ? account : undefined
  } catch {
    return undefined
  }
}

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
