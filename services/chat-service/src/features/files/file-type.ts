import { isTypeWithSignature, sniffType } from '@bigtech/files'
import { chatErrors } from '../../contract/errors.ts'

/** `extension` for a name that has none: of the type, or empty. */
export type FoundType = Readonly<{ type: string; extension: string }>

const PLAIN: FoundType = { type: 'application/octet-stream', extension: '' }
/** What a browser could run as a page is kept as plain bytes. Served as an attachment anyway. */
const PAGES: ReadonlySet<string> = new Set(['application/xml'])

const SVG = 'image/svg+xml'
/** With an XML declaration, or packed (.svgz). */
const SVG_CONTAINERS: ReadonlySet<string> = new Set(['application/xml', 'application/gzip'])
/** Other names of types that programs claim. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'image/vnd.microsoft.icon': 'image/x-icon',
}

/**
 * The type that bytes have, whatever their sender says. Who says that they are a picture of a format that is known by its first bytes, and
 * sends no picture, is refused; a claim that nobody can check is not held against a file.
 * @param head the first 4100 bytes or more
 * @throws FILE_UNREADABLE, FILE_UNRECOGNISED
 */
export async function typeOf(head: Buffer, claimedType: string): Promise<FoundType> {
  const [bare = ''] = claimedType.toLowerCase().split(';')
  const claimed = ALIASES[bare.trim()] ?? bare.trim()
  const found = await sniffType(head)
  if (claimed === SVG) {
    if (!isSvg(head, found?.mime)) throw lie(claimed, found?.ext)
    return { ...PLAIN, extension: found?.ext === 'gz' ? '.svgz' : '.svg' }
  }
  if (claimed.startsWith('image/') && !found?.mime.startsWith('image/') && (await isTypeWithSignature(claimed)))
    throw lie(claimed, found?.ext)
  if (found) return { type: PAGES.has(found.mime) ? PLAIN.type : found.mime, extension: `.${found.ext}` }
  const isText = claimed === 'text/plain' && !head.includes(0)
  return isText ? { type: 'text/plain', extension: '.txt' } : PLAIN
}

/** SVG is text and has no signature: its first element tells, or the XML declaration that only XML has. */
function isSvg(head: Buffer, found: string | undefined): boolean {
  if (found !== undefined) return SVG_CONTAINERS.has(found)
  let rest = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->', 4)
    if (end < 0) return false
    rest = rest.slice(end + 3).trimStart()
  }
  return /^<(!doctype svg|svg|svg:svg)[\s>/]/i.test(rest)
}

/** In the words of who sees files by their endings. */
function lie(claimed: string, ext: string | undefined) {
  const format = (claimed === SVG ? 'svg' : claimed.replace(/^image\/(x-|vnd\.)?/, '')).toUpperCase()
  if (ext === undefined) return chatErrors.FILE_UNRECOGNISED({ params: { claimed: format } })
  return chatErrors.FILE_UNREADABLE({ params: { claimed: format, found: ext.toUpperCase() } })
}
