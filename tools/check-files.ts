import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type FileProblem = Readonly<{ file: string; line: number; message: string }>

const MAX_TS_LINES = 350

type Rule = Readonly<{ pattern: RegExp; message: string; files: RegExp; except?: RegExp }>

/** These two hold what they look for. */
const SELF = /^tools\/check-files(\.test)?\.ts$/
const hosts = ['registry\\.(npmjs|yarnpkg|npmmirror)\\.', 'npm\\.pkg\\.github\\.', 'artifactory', 'verdaccio'].join('|')

const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(`https?://[^\\s"']*(${hosts})|"resolved": "https?:`, 'i'),
    message: 'names a package registry: every clone uses its own (.npmrc omits them from the lock file)',
    files: /./,
  },
  {
    pattern:
      /(?<![\w.}/-])\/(home|Users)\/(?!node\/)[a-z][\w.-]*\/|(?<![\w.}/-])\/(root|work\/(main|shared))\/|[A-Z]:\\Users\\/,
    message: "is a path on somebody's machine; make it relative",
    files: /./,
  },
  {
    pattern: /\b(TODO|FIXME|XXX)\b/,
    message: 'marks unfinished work: finish it, or write it down in docs/',
    files: /./,
    except: /(^|\/)package-lock\.json$/,
  },
  {
    pattern: /\.only\(/,
    message: 'leaves the other tests out',
    files: /\.(m?ts|vue|m?js)$/,
    except: /check-files\.test\.ts$/,
  },
]

/** Problems of the text of one file. */
export function checkText(file: string, text: string): FileProblem[] {
  const lines = text.split('\n')
  const rules = SELF.test(file) ? [] : RULES.filter((rule) => rule.files.test(file) && !rule.except?.test(file))
  const problems = lines.flatMap((content, i) =>
    rules
      .filter(({ pattern }) => pattern.test(content))
      .map(({ pattern, message }) => ({
        file,
        line: i + 1,
        message: `'${pattern.exec(content)![0].trim()}' ${message}`,
      })),
  )
  const count = text.endsWith('\n') ? lines.length - 1 : lines.length
  const generated = /^(\/\/|\/\*).*generated/i.test(lines[0]!)
  if (/\.m?ts$/.test(file) && count > MAX_TS_LINES && !generated)
    problems.push({
      file,
      line: MAX_TS_LINES + 1,
      message: `has ${count} lines (limit ${MAX_TS_LINES}): it hides two files`,
    })
  return problems
}

/** All problems of the files that are, or would be, in git. */
export function checkFiles(root: string): FileProblem[] {
  return filesIn(root).flatMap((file) => {
    const path = join(root, file)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return []
    const bytes = readFileSync(path)
    return bytes.subarray(0, 8_000).includes(0) ? [] : checkText(file, bytes.toString('utf8'))
  })
}

function filesIn(root: string): string[] {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
    return [...new Set(listed.split('\0'))].filter((file) => file !== '')
  } catch {
    // Not a git checkout (an archive, an image): everything but what git would ignore.
    const ignored = ['node_modules', '.git', 'data', 'tmp', 'coverage', 'dist']
    return globSync('**/*', { cwd: root, exclude: (name: string) => ignored.includes(name) })
  }
}

if (import.meta.main) {
  const problems = checkFiles(join(import.meta.dirname, '..'))
  for (const { file, line, message } of problems) console.log(`${file}:${line}  ${message}`)
  console.log(problems.length === 0 ? 'files: no problem' : `files: ${problems.length} problems`)
  if (problems.length > 0) process.exitCode = 1
}
