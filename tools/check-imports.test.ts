import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkImports } from './check-imports.ts'
import { scanSource } from './imports/scan.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)

/** Each line of the fixture that ends in `// expect: rule`. */
function expected(root: string): string[] {
  return globSync('**/*.{ts,vue}', { cwd: root }).flatMap((path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n')
    return lines.flatMap((line, i) => {
      const rule = /\/\/ expect: (\S+)$/.exec(line)?.[1]
      return rule ? [`${path}:${i + 1} ${rule}`] : []
    })
  })
}

test('each violation in the bad tree is reported at its line, and nothing else', () => {
  const root = fixture('bad-imports')
  const reported = checkImports(root).map(({ file, line, rule }) => `${file}:${line} ${rule}`)
  assert.deepEqual(reported.sort(), expected(root).sort())
})

test('the bad tree breaks every rule there is', () => {
  const rules = new Set(checkImports(fixture('bad-imports')).map(({ rule }) => rule))
  const sources = ['check-imports.ts', 'imports/rules.ts'].map((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  )
  const named = sources.join().matchAll(/(?:rule: |report\(line, )'([a-z-]+)'/g)
  const layers = ['ports-layer', 'features-layer', 'adapters-layer', 'module-layer']
  for (const rule of [...Array.from(named, (match) => match[1]!), ...layers]) assert.ok(rules.has(rule), rule)
})

test('the good tree, the same without those lines, has none', () => {
  assert.deepEqual(checkImports(fixture('good-imports')), [])
})

test('a violation says what to do', () => {
  for (const { message } of checkImports(fixture('bad-imports'))) assert.match(message, /[;:,] /)
})

test('the scanner sees every form of import and is not misled', () => {
  const { imports, envLines } = scanSource(`
    import a from 'a'; import b, { type c as d } from "b"
    import type { e } from 'e'
    import type from 'f'
    import type * as g from 'g'
    import 'h'
    export * from 'i'; export * as j from 'j'
    export { k } from 'k'; export type { l } from 'l'
    export const m = await import('m')
    const n = import.meta.url, o = import(n)
    export { n }; const from = 'no'; export default { from: 'no' }
    // import p from 'no'
    const q = \`\${/* import 'no' */ { a: \`import r from 'no'\` }.a} import s from 'no'\`
    const t = /["'\`]/.test('import "no"') ? 1 / 2 : 3 /4
    const u = import('u'), process2 = { env: 1 }, v = process2.env, w = x.process
    type X = import('x').Y
    const z = process
      .env
  `)
  const form = (i: (typeof imports)[number]) =>
    `${i.specifier}${i.typeOnly ? ' type' : ''}${i.dynamic ? ' dynamic' : ''}`
  assert.deepEqual(imports.map(form).join(), 'a,b,e type,f,g type,h,i,j,k,l type,m dynamic,u dynamic,x dynamic')
  assert.equal(imports.find(({ specifier }) => specifier === 'm')!.line, 9)
  assert.deepEqual(envLines, [17])
})
