import type { Mail } from './mail.ts'

/** What a mail says, in one language. Plain texts: what they hold of people is escaped here. */
export type Letter = Readonly<{
  subject: string
  /** The first line, large. */
  title: string
  /** Paragraphs; a list is one of texts. */
  lines: readonly (string | readonly string[])[]
  button?: Readonly<{ label: string; url: string }>
  /** In small letters below. */
  small?: readonly string[]
}>

/** @param letters one, or the same in several languages, which follow one another */
export function composeMail(letters: readonly Letter[]): Pick<Mail, 'subject' | 'text' | 'html'> {
  const subjects = letters.map(({ subject }) => subject)
  return {
    subject: `[BigTech Chat] ${subjects.join(' / ')}`.replaceAll(/[\r\n]+/g, ' '),
    text: letters.map(textOf).join('\n\n--\n\n') + '\n',
    html: page(letters.map(htmlOf).join('<hr style="border:0;border-top:1px solid #8884;margin:32px 0">')),
  }
}

function textOf({ title, lines, button, small = [] }: Letter): string {
  const paragraphs = lines.map((line) => (typeof line === 'string' ? line : line.map((one) => `- ${one}`).join('\n')))
  return [title, ...paragraphs, ...(button ? [`${button.label}:\n${button.url}`] : []), ...small].join('\n\n')
}

function htmlOf({ title, lines, button, small = [] }: Letter): string {
  const paragraphs = lines.map((line) =>
    typeof line === 'string'
      ? `<p style="margin:0 0 16px">${escaped(line)}</p>`
      : `<ul style="margin:0 0 16px;padding-left:20px">${line.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`,
  )
  const { label, url } = button ?? { label: '', url: '' }
  const link = `<p style="margin:24px 0"><a href="${escaped(url)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#fee500;color:#191600;text-decoration:none;font-weight:600">${escaped(label)}</a></p><p class="small" style="margin:0 0 16px;font-size:13px;color:#6b6b6b;word-break:break-all">${escaped(url)}</p>`
  return [
    `<h1 style="margin:0 0 16px;font-size:20px;line-height:1.4">${escaped(title)}</h1>`,
    ...paragraphs,
    ...(button ? [link] : []),
    ...small.map((line) => `<p class="small" style="margin:0 0 8px;font-size:13px;color:#6b6b6b">${escaped(line)}</p>`),
  ].join('\n')
}

/** Programs that turn colours around at night are told ours; the yellow of the button carries dark letters in either. */
const page = (body: string): string => `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>
:root { color-scheme: light dark }
@media (prefers-color-scheme: dark) {
  .page, .card { background: #1c1c1e !important; color: #f2f2f2 !important }
  .small { color: #a8a8a8 !important }
}
</style>
</head>
<body class="page" style="margin:0;background:#f4f4f4;color:#191919">
<div class="card" style="max-width:520px;margin:0 auto;padding:32px 24px;background:#ffffff;color:#191919;font:16px/1.6 -apple-system,'Apple SD Gothic Neo','Malgun Gothic',Roboto,Arial,sans-serif;overflow-wrap:anywhere">
${body}
</div>
</body>
</html>
`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
