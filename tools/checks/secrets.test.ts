import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { noScanner, scan } from './secrets.ts'

test('secrets are found, and what looks like one in an example is not', { skip: noScanner }, (t) => {
  const folder = tempDir(t)
  const write = (name: string, text: string) => writeFileSync(join(folder, name), `${text}\n`)
  // Put together here, or they would be found here.
  write('settings.ts', `export const key = '${['AKIA', 'IOSFODNN7', 'EXAMPLA'].join('')}'`)
  write('id', ['-----BEGIN', 'RSA PRIVATE', 'KEY-----'].join(' '))
  write('example.md', "password: 'Test1234!@'")
  assert.deepEqual(scan(folder, '--all-files').toSorted(), ['id:1  Private Key', 'settings.ts:1  AWS Access Key'])
})
