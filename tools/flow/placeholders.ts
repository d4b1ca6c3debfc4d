/** Makes a text that is the same in every run: what was given by chance or by the clock gets a name. */
export type Replace = (text: string) => string

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g
const ARGON2 = /(\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+)\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+/g
/** Random bytes and digests as base64url (43 digits) or hex (64). */
const SECRET = /(?<![\w-])(?:[\w-]{43}|[0-9a-f]{64})(?![\w-])/g
const TRACE = /00-([0-9a-f]{32})-[0-9a-f]{16}-01/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const ISO_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g
/** Of this century, in ms. */
const MILLISECONDS = /\b[12]\d{12}\b/g

/** Passwords as hashes and tokens are of no use to a reader, and to anybody else they should be of none. */
export const withoutSecrets: Replace = (text) =>
  text.replace(JWT, '‹access token›').replace(ARGON2, '$1$‹salt›$‹hash›').replace(SECRET, '‹secret or its hash›')

/** @returns one that gives the same thing the same name as long as it is used */
export function createPlaceholders(): Replace {
  const names = new Map<string, string>()
  const name = (kind: string, what: string) => {
    const known = names.get(what)
    if (known) return known
    const made = `‹${kind} ${[...names.values()].filter((given) => given.startsWith(`‹${kind} `)).length + 1}›`
    names.set(what, made)
    return made
  }
  return (text) =>
    withoutSecrets(text)
      .replace(TRACE, (_, id: string) => name('trace', id))
      .replace(UUID, (id) => name('id', id))
      .replace(ISO_TIME, '‹time›')
      .replace(MILLISECONDS, '‹ms›')
}
