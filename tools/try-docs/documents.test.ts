import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { BLOCKS, RESTORING } from './chapters.ts'
import { blockOf, commandsOf, linesOf, OutOfDate, real } from './documents.ts'

const root = join(import.meta.dirname, '../..')

test('what `npm run try-docs` tries is in the documents', () => {
  for (const [name, path] of Object.entries(BLOCKS)) assert.ok(linesOf(blockOf(root, path, name)).length > 0, name)
  const commands = commandsOf(root, ...RESTORING)
  assert.deepEqual(
    commands.filter((command) => command === 'npm start'),
    ['npm start'],
  )
  assert.ok(commands.some((command) => command.startsWith('npm run backup -- restore')))
})

test('a block is read as printed; what is not there is said', (t) => {
  const folder = tempDir(t)
  const page =
    '# A\n\n<!-- try: one -->\n```sh\nnpm start     # in a terminal\n\n# stop it\necho "#1"\n```\n\n## B\n\n1. Stop. `mv a b`, then `x`.\n2. `npm start`.\n'
  writeFileSync(join(folder, 'page.md'), page)
  assert.deepEqual(linesOf(blockOf(folder, 'page.md', 'one')), [
    { command: 'npm start', comment: 'in a terminal' },
    { command: '', comment: 'stop it' },
    { command: 'echo "#1"', comment: '' },
  ])
  assert.deepEqual(commandsOf(folder, 'page.md', 'B'), ['mv a b', 'npm start'])
  assert.throws(() => blockOf(folder, 'page.md', 'two'), OutOfDate)
  assert.throws(() => commandsOf(folder, 'page.md', 'C'), OutOfDate)
  assert.equal(real('cp FILE /mnt', { FILE: 'a.tar' }), 'cp a.tar /mnt')
  assert.throws(() => real('cp a', { FILE: 'a.tar' }), OutOfDate)
})
