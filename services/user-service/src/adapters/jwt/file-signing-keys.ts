import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newId } from '@bigtech/kernel'
import type { SigningKeys } from '../../ports.ts'

type Key = Readonly<{ kid: string; privateKeyPem: string | undefined; publicKey: KeyObject }>

/** `<kid>.pem` private, `<kid>.pub.pem` retired; kids are UUIDv7, so their order is that of creation. */
const FILE = /^([0-9a-f-]{36})(\.pub)?\.pem$/

/**
 * Ed25519 keys in a folder of mode 0700, files of mode 0600. The first start makes one. `rotate` makes a new one and
 * keeps only the public half of the older ones, for as long as their files lie there.
 */
export async function createFileSigningKeys(folder: string): Promise<SigningKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const keys = await load(folder)
  if (keys.at(-1)?.privateKeyPem === undefined) keys.push(await createKey(folder))
  return {
    current() {
      const { kid, privateKeyPem } = keys.findLast((key) => key.privateKeyPem !== undefined)!
      return { kid, privateKeyPem: privateKeyPem! }
    },
    jwks: () => ({
      keys: keys
        .toReversed()
        .map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' })),
    }),
    async rotate() {
      const old = keys.splice(0)
      const fresh = await createKey(folder).catch((error: unknown) => {
        keys.push(...old)
        throw error
      })
      keys.push(...old.map((key) => ({ ...key, privateKeyPem: undefined })), fresh)
      for (const key of old) if (key.privateKeyPem !== undefined) await retire(folder, key)
    },
  }
}

async function load(folder: string): Promise<Key[]> {
  const keys: Key[] = []
  for (const name of (await readdir(folder)).sort()) {
    const match = FILE.exec(name)
    if (!match) continue
    keys.push(await readKey(join(folder, name), match[1]!, match[2] !== undefined))
  }
  return keys
}

/** @throws UnreadableKey: tokens could not be checked any more, and a new key in its place would go unnoticed */
async function readKey(file: string, kid: string, retired: boolean): Promise<Key> {
  try {
    const pem = await readFile(file, 'utf8')
    return { kid, privateKeyPem: retired ? undefined : pem, publicKey: createPublicKey(pem) }
  } catch (cause) {
    throw new UnreadableKey(file, cause)
  }
}

export class UnreadableKey extends Error {
  constructor(file: string, cause: unknown) {
    super(`The signing key ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    })
  }
}

async function createKey(folder: string): Promise<Key> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ed25519')
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const kid = newId()
  await writeSecret(folder, `${kid}.pem`, privateKeyPem)
  return { kid, privateKeyPem, publicKey }
}

async function retire(folder: string, key: Key): Promise<void> {
  await writeSecret(folder, `${key.kid}.pub.pem`, key.publicKey.export({ type: 'spki', format: 'pem' }) as string)
  await rm(join(folder, `${key.kid}.pem`), { force: true })
}

/** A key that signed tokens must not be half a file after a power cut. */
async function writeSecret(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `${name}.tmp`)
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, name))
}
