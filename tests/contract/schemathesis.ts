import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export const HOW_TO_GET_IT = `no schemathesis here (in PATH, or named by SCHEMATHESIS). It needs Python 3.10 or newer:

  python3 -m venv /tmp/schemathesis
  /tmp/schemathesis/bin/pip install -r tests/contract/requirements.txt
  SCHEMATHESIS=/tmp/schemathesis/bin/schemathesis npm run test:contract`

/** SCHEMATHESIS names it; else it is looked for in PATH. */
export function findSchemathesis(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['SCHEMATHESIS']) return env['SCHEMATHESIS']
  const candidates = (env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'schemathesis'))
  return candidates.find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Classes that Python's regular expressions do not have, spelled out as they stand in a JSON document. */
const CLASSES: Readonly<Record<string, string>> = {
  '\\\\p{Cc}': '\\\\u0000-\\\\u001f\\\\u007f-\\\\u009f',
  '\\\\p{Z}': '\\\\u0020\\\\u00a0\\\\u1680\\\\u2000-\\\\u200a\\\\u2028\\\\u2029\\\\u202f\\\\u205f\\\\u3000',
}

/** The same document, with patterns that texts can be generated from. */
export const withoutUnicodeClasses = (json: string): string =>
  Object.entries(CLASSES).reduce((text, [name, spelled]) => text.replaceAll(name, spelled), json)
