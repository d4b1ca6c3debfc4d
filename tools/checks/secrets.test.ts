import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'node:test'
import { tempDir } from '@bigtech/testkit'

const root = join(import.meta.dirname, '../..')
const PROGRAM =
  process.env['DETECT_SECRETS'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'detect-secrets'))
    .find(existsSync)
const skip: string | false = PROGRAM
  ? false
  : 'no detect-secrets (pip install -r tools/checks/requirements.txt; DETECT_SECRETS names it)'

/** Made up for tests and for measuring: everybody may know what is in them. */
const OF_TESTS = String.raw`(\.test\.ts|\.fixture\.ts|\.contract\.ts)$|^(tests|bench|tools/flow|tools/stack|docs/api)/|^packages/testkit/|^package-lock\.json$`

/** Lines with what looks like a secret and is none: checksums, the passwords of examples, of the demo and of the test stack, names of fields. */
const KNOWN = [
  String.raw`[sS][hH][aA]256|whisper-base-part\d`,
  String.raw`Test1234!@|Demo1234!|test-only`,
  String.raw`user:password@`,
  String.raw`secretName: chat-tls|'password' \| 'new_password'`,
].join('|')

type Found = Readonly<Record<string, readonly Readonly<{ type: string; line_number: number }>[]>>

function scan(folder: string, ...more: string[]): string[] {
  // Verifying would show what is found to whoever it seems to be of.
  const args = ['scan', '--no-verify', '--exclude-files', OF_TESTS, '--exclude-lines', KNOWN, ...more]
  const told = execFileSync(PROGRAM!, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1_024 ** 2 })
  const { results } = JSON.parse(told) as { results: Found }
  return Object.entries(results).flatMap(([file, some]) => some.map((one) => `${file}:${one.line_number} ${one.type}`))
}

describe('secrets in the tree', { skip }, () => {
  it('there is none, and no list of exceptions by place', () => {
    assert.deepEqual(scan(root), [])
  })

  it('one would be found', (t) => {
    const folder = tempDir(t)
    // Put together here, or it would be found here.
    writeFileSync(join(folder, 'settings.ts'), `export const key = '${['AKIA', 'IOSFODNN7', 'EXAMPLA'].join('')}'\n`)
    writeFileSync(join(folder, 'id'), `-----BEGIN ${'RSA'} PRIVATE KEY-----\n`)
    assert.deepEqual(
      scan(folder, '--all-files')
        .map((line) => line.split(' ').slice(1).join(' '))
        .toSorted(),
      ['AWS Access Key', 'Private Key'],
    )
  })
})
