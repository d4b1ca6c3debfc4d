import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { config } from '@bigtech/server/config'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'infrastructure/systemd')
const units = readdirSync(folder)
const HOME = '/srv/bigtech-chat'

describe('units of systemd', () => {
  it('start programs that are there, with settings that exist', () => {
    const settings = config.envExample()
    for (const name of units.filter((unit) => unit.endsWith('.service'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      const [, program] = /^ExecStart=\S+ (?:--\S+ )*(\S+)/m.exec(text)!
      assert.ok(existsSync(join(root, program!)), `${name}: ${program}`)
      for (const [, pairs] of text.matchAll(/^Environment=(.*)$/gm))
        for (const pair of pairs!.split(' ')) {
          const variable = pair.split('=', 1)[0]!
          if (!variable.startsWith('NODE_') || variable === 'NODE_ENV')
            assert.match(settings, new RegExp(`^#?${variable}=`, 'm'), `${name}: ${variable}`)
        }
    }
  })

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0
  it('are what systemd reads', { skip: analyze ? false : 'no systemd-analyze here' }, (t) => {
    const copy = mkdtempSync(join(tmpdir(), 'bigtech-units-'))
    t.after(() => rmSync(copy, { recursive: true }))
    // It looks for the program, which is where an administrator puts it.
    for (const name of units) {
      const text = readFileSync(join(folder, name), 'utf8')
      writeFileSync(join(copy, name), text.replaceAll(`${HOME}/node_modules/.bin/node`, process.execPath))
    }
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units.map((name) => join(copy, name))], {
      encoding: 'utf8',
    })
    assert.deepEqual([status, stderr.split('\n').filter((line) => line.includes('bigtech'))], [0, []], stderr)
  })
})
