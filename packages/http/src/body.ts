import { isUtf8 } from 'node:buffer'
import { commonErrors } from './common-errors.ts'
import type { App } from './host.ts'

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
      if (hasSurrogateEscape(text) && hasSurrogateEscape(JSON.stringify(value)))
        return done(malformed('a string contains half of a surrogate pair'))
      done(null, value)
    })
  })
}

/** JSON.stringify escapes only surrogates that stand alone. */
const hasSurrogateEscape = (json: string): boolean => /\\u[dD][89a-fA-F]/.test(json)

const malformed = (reason: string) => commonErrors.MALFORMED_REQUEST({ params: { reason } })
