import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { find, folder, place } from '../stack/work.ts'
import { FOLDER, readCompose } from './files.ts'

const SOURCES = ['main.go', 'go.mod', 'go.sum']
const program = () => place('compose', 'compose-load')

/** Why compose's parser cannot be had; undefined when it is there. */
function build(): string | undefined {
  if (!find('go')) return 'no go, which the parser of compose is built with'
  const cwd = folder('compose')
  for (const name of SOURCES) copyFileSync(join(import.meta.dirname, name), place('compose', name))
  const { status, stderr } = spawnSync('go', ['build', '-o', program(), '.'], { cwd, encoding: 'utf8' })
  if (status === 0) return undefined
  if (/dial tcp|proxyconnect|lookup |i\/o timeout|not available|403|404/.test(stderr))
    return 'the modules of compose cannot be fetched'
  throw new Error(stderr)
}

const reason = build()
if (reason) console.log(`skipped: compose files in compose's own parser: ${reason}`)

describe("compose files in compose's own parser", { skip: reason ?? false }, () => {
  let copy = ''
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'bigtech-compose-'))
    cpSync(FOLDER, join(copy, 'docker'), { recursive: true })
    const example = readFileSync(join(FOLDER, 'msa.env.example'), 'utf8')
    writeFileSync(join(copy, 'docker/msa.env'), example.replace(/=$/gm, `=${'x'.repeat(32)}`))
  })
  after(() => rmSync(copy, { recursive: true }))
  const load = (name: string) => {
    const at = (file: string) => join(copy, 'docker', file)
    const output = execFileSync(program(), [at(name), at('msa.env')], { encoding: 'utf8', stdio: 'pipe' })
    return JSON.parse(output) as { services: Record<string, unknown> }
  }

  for (const name of ['docker-compose.msa.yml', 'docker-compose.test.yml'])
    it(`${name} has every service after it was checked and put together`, () => {
      assert.deepEqual(Object.keys(load(name).services).toSorted(), Object.keys(readCompose(name).services).toSorted())
    })

  it('refuses what is not in the specification, and what is not declared', () => {
    const write = (text: string) => writeFileSync(join(copy, 'docker/wrong.yml'), text)
    write('services: { one: { image: redis, helthcheck: {} } }')
    assert.throws(() => load('wrong.yml'), /helthcheck/)
    write('services: { one: { image: redis, depends_on: [two] } }')
    assert.throws(() => load('wrong.yml'), /undefined service "?two/)
  })
})
