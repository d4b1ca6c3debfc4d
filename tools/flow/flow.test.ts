import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { noEngines } from '../../tests/support/engines.ts'
import { startInstallation } from './installation.ts'
import { toMarkdown } from './page.ts'
import { createPlaceholders, withoutSecrets } from './placeholders.ts'
import { runFlow } from './run.ts'
import { rowChanges, type Row, type Table } from './watch.ts'

const skip = noEngines()

describe('docs/registration-flow.md', () => {
  it('is what a registration does (npm run flow -- --markdown renews it)', { skip }, async (t) => {
    const installation = await startInstallation()
    t.after(() => installation.close())
    const happened = await Array.fromAsync(runFlow(installation))
    const page = readFileSync(join(import.meta.dirname, '../../docs/registration-flow.md'), 'utf8').split('\n')
    const run = toMarkdown(happened).split('\n')
    const first = run.findIndex((line, n) => line !== page[n])
    if (first >= 0) assert.equal(run.slice(first, first + 10).join('\n'), page.slice(first, first + 10).join('\n'))
    assert.equal(run.length, page.length)
  })
})

describe('what a step changed', () => {
  const tables = (...rows: Row[]) => new Map<string, Table>([['people', { key: ['id'], rows }]])

  it('is what came, changed and went, by the key of the table', () => {
    const before = tables({ id: 1, name: 'a' }, { id: 2, name: 'b', age: 3 }, { id: 3, name: 'c' })
    assert.deepEqual(
      rowChanges(before, tables({ id: 2, name: 'd', age: 3 }, { id: 3, name: 'c' }, { id: 4, name: 'e' })),
      [
        { table: 'people', how: 'changed', row: { id: 2, name: 'd' } },
        { table: 'people', how: 'new', row: { id: 4, name: 'e' } },
        { table: 'people', how: 'gone', row: { id: 1 } },
      ],
    )
    assert.deepEqual(rowChanges(before, before), [])
  })
})

describe('placeholders', () => {
  it('name what is given by chance, the same thing by the same name', () => {
    const replace = createPlaceholders()
    const [one, other] = ['01a21a76-07d9-7f64-96a5-56bdb429f783', '01a21a76-0de4-7935-b792-c43c5413cfff']
    assert.equal(replace(`a ${one} b ${other} at 1795740272596`), 'a ‹id 1› b ‹id 2› at ‹ms›')
    assert.equal(replace(`${other}, 2026-11-27T00:44:32.596Z`), '‹id 2›, ‹time›')
    const trace = (span: string) => `00-1fd8b06ab2556933bf0bf1affe67aba2-${span}-01`
    assert.equal(replace(`${trace('8508d56c3b6da5dd')} ${trace('0000d56c3b6da5dd')}`), '‹trace 1› ‹trace 1›')
  })

  it('leave no secret', () => {
    const hash = '$argon2id$v=19$m=19456,t=2,p=1$mQOcNHFZLOS+I0Y0RynAwg$YiEx2FPjrcu+/L+Q1hxG9D1sGerqYMUcooh3mX9tJPI'
    assert.equal(withoutSecrets(hash), '$argon2id$v=19$m=19456,t=2,p=1$‹salt›$‹hash›')
    assert.equal(withoutSecrets('"eyJhbGciOiJF.eyJpc3MiOiJi.iVrs_wU-C"'), '"‹access token›"')
    for (const secret of ['JwghMQ1QF1fhiim02ySKqM7kY-mHEXacObuOEhNQ4A0', '5f'.repeat(32)])
      assert.equal(withoutSecrets(`"${secret}"`), '"‹secret or its hash›"')
  })
})
