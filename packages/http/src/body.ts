import { isUtf8 } from 'node:buffer'
import { commonErrors } from './common-errors.ts'
import type { App } from './app.ts'

/** JSON bodies: strict UTF-8, no `__proto__`, no lone surrogates (they would not survive storage). */
export function useStrictJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer
    if (!isUtf8(bytes)) return done(malformed('the body is not valid UTF-8'))
    const text = bytes.toString('utf8')
    return parse(request, text, (error, value: unknown) => {
      if (error) return done(malformed(text === '' ? 'the JSON body is empty' : 'the body is not valid JSON'))
      const fault = faultInJson(text)
      if (fault) return done(malformed(fault))
      done(null, value)
    })
  })
}

/** Deeper than any body of ours. What walks a value recursively (JSON.stringify does) runs out of stack some thousands further down. */
const MAX_DEPTH = 64

/** Why a text that is JSON is still refused: nothing here could store it, or answer it, as it came. */
export function faultInJson(text: string): string | undefined {
  if (hasMoreBrackets(text, MAX_DEPTH) && isDeeperThan(text, MAX_DEPTH)) return `nested deeper than ${MAX_DEPTH} levels`
  if (hasSurrogateEscape(text) && hasSurrogateEscape(JSON.stringify(JSON.parse(text))))
    return 'a string contains half of a surrogate pair'
  return undefined
}

/** Quick, for the many bodies that cannot be deep. */
function hasMoreBrackets(json: string, limit: number): boolean {
  let found = 0
  for (const bracket of ['{', '['])
    for (let at = json.indexOf(bracket); at >= 0; at = json.indexOf(bracket, at + 1)) if (++found > limit) return true
  return false
}

function isDeeperThan(json: string, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < json.length; i++) {
    const char = json[i]
    if (char === '"') quoted = !quoted
    else if (quoted) i += char === '\\' ? 1 : 0
    else if (char === '[' || char === '{') {
      if (++depth > limit) return true
    } else if (char === ']' || char === '}') depth--
  }
  return false
}

/** JSON.stringify escapes only surrogates that stand alone; after an even number of backslashes it is text that looks like one. */
const hasSurrogateEscape = (json: string): boolean =>
  json.includes('\\u') && /(?<!\\)(\\\\)*\\u[dD][89a-fA-F]/.test(json)

const malformed = (reason: string) => commonErrors.MALFORMED_REQUEST({ params: { reason } })
