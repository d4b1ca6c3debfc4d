import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { CHANGED } from './changes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const sources = globSync('{packages,services,apps}/*/src/**/*.ts', { cwd: ROOT }).map((path) => `/${path}`)

/** Most of them are tried now and then only: whoever moves what they change is told at once. */
it('each sabotage changes something that is there', () => {
  for (const [name, changes] of Object.entries(CHANGED))
    for (const { file, from } of changes) {
      const found = sources.filter((path) => path.endsWith(file))
      assert.equal(found.length, 1, `${name}: ${file}`)
      const text = readFileSync(join(ROOT, found[0]!), 'utf8')
      assert.equal(text.split(from).length, 2, `${name}: ${file} has no one place '${from}'`)
    }
})
