import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCircles } from './imports/circles.ts'
import { scanSource } from './imports/scan.ts'
import { CHECKS, mayReadEnv, undeclared } from './imports/rules.ts'
import { filesOf, findWorkspaces, resolve, type SourceFile } from './imports/workspaces.ts'

export type Violation = Readonly<{ file: string; line: number; rule: string; message: string }>

/** Of a Vue component its scripts, each on its lines. */
const scriptOf = (path: string, text: string): string =>
  path.endsWith('.vue')
    ? text.replace(/(^|<\/script>)[\s\S]*?(<script\b[^>]*>|$)/g, (between) => between.replace(/[^\n]/g, ''))
    : text

type Place = Readonly<{ file: string; line: number }>

/** Checks the import rules of docs (DESIGN.md) over the tree at `root`. Ordered by file and line. */
export function checkImports(root: string): Violation[] {
  const workspaces = findWorkspaces(root)
  const violations: Violation[] = []
  /** From → to → the first import that makes the edge, of packages and of files (program code only: tests may look anywhere). */
  const edges = new Map<string, Map<string, Place>>()
  const addEdge = (from: string, to: string, place: Place) => {
    const known = edges.get(from) ?? new Map<string, Place>()
    edges.set(from, known)
    if (!known.has(to)) known.set(to, place)
  }

  const check = (file: SourceFile) => {
    const { imports, envLines } = scanSource(scriptOf(file.path, readFileSync(join(root, file.path), 'utf8')))
    const report = (line: number, rule: string, message: string) =>
      violations.push({ file: file.path, line, rule, message })
    for (const found of imports) {
      const target = resolve(file, found.specifier, workspaces)
      const finding =
        CHECKS.map((rule) => rule(file, found, target)).find((result) => result) ?? undeclared(file, target, workspaces)
      if (finding) report(found.line, finding.rule, finding.message)
      else if (target.type === 'ours' && !file.isTest) {
        const place = { file: file.path, line: found.line }
        if (target.workspace !== file.workspace) addEdge(nodeOf(file), nodeOf(target), place)
        else if (target.relative) addEdge(file.path, target.path, place)
      }
    }
    if (mayReadEnv(file)) return
    for (const line of envLines)
      report(
        line,
        'process-env',
        'only apps/server reads process.env; add the variable to its schema and pass the value',
      )
  }
  for (const workspace of workspaces) for (const file of filesOf(root, workspace)) check(file)

  for (const circle of findCircles(edges)) {
    const { file, line } = edges.get(circle[0]!)!.get(circle[1]!)!
    const message = `a circle: ${circle.join(' → ')}; move what they share below both`
    violations.push({ file, line, rule: 'cycle', message })
  }
  return violations.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
}

/** A service's contract is a node of its own: it imports nothing back, so two services may know each other's. */
const nodeOf = ({ workspace, layer }: Pick<SourceFile, 'workspace' | 'layer'>): string =>
  layer === 'contract' ? `${workspace.name}/contract` : workspace.name

if (import.meta.main) {
  const violations = checkImports(process.argv[2] ?? join(import.meta.dirname, '..'))
  for (const { file, line, rule, message } of violations) console.log(`${file}:${line}  [${rule}]  ${message}`)
  console.log(violations.length === 0 ? 'import rules: no violation' : `import rules: ${violations.length} violations`)
  if (violations.length > 0) process.exitCode = 1
}
