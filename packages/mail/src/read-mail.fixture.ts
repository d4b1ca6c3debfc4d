/** A mail as a program shows it, for tests: of what nodemailer writes, not of all that there is. */
export function readMail(eml: string): { header(name: string): string | undefined; text: string; html: string } {
  const { headers, parts } = split(eml)
  const of = (type: string) => parts.find((part) => part.headers.includes(`Content-Type: ${type}`))
  return {
    header: (name) => headerOf(headers, name),
    text: decoded(of('text/plain')),
    html: decoded(of('text/html')),
  }
}

type Part = { headers: string; body: string }

function split(eml: string): { headers: string; parts: Part[] } {
  const whole = partOf(eml)
  const boundary = /boundary="([^"]+)"/.exec(whole.headers)?.[1]
  if (boundary === undefined) return { headers: whole.headers, parts: [whole] }
  const parts = whole.body.split(`--${boundary}`).slice(1, -1)
  return { headers: whole.headers, parts: parts.map((part) => partOf(part.trimStart())) }
}

function partOf(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  return { headers: text.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' '), body: text.slice(end + 4) }
}

function headerOf(headers: string, name: string): string | undefined {
  const line = headers.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}: `))
  return line
    ?.slice(name.length + 2)
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?(B|Q)\?(.*?)\?=/gi, (_all, how: string, word: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : fromQuotedPrintable(word.replaceAll('_', ' ')),
    )
}

function decoded(part: Part | undefined): string {
  if (!part) return ''
  const { headers, body } = part
  if (/Content-Transfer-Encoding: base64/i.test(headers)) return Buffer.from(body, 'base64').toString()
  const text = body.replaceAll('\r\n', '\n').trimEnd()
  return /Content-Transfer-Encoding: quoted-printable/i.test(headers) ? fromQuotedPrintable(text) : text
}

const fromQuotedPrintable = (text: string): string =>
  Buffer.from(
    text
      .replaceAll('=\n', '')
      .replaceAll(/=([\dA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()
