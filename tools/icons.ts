/** `npm run icons`: the pictures of the installed web client, made of its icon.svg and of docs/screenshots. Look at each before committing. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

const ROOT = join(import.meta.dirname, '..')
const PUBLIC = join(ROOT, 'apps/web/public')

const svg = readFileSync(join(PUBLIC, 'icon.svg'), 'utf8')
/** Systems cut it to their own form: the ground reaches to the edges, the bubble lies within the middle 80 %. */
const square = svg.replace(' rx="16"', '')
/** One colour, of which a status bar takes only the form: the bubble with holes in it. */
const silhouette = svg
  .replace(/<rect[^>]*\/>/, '<mask id="m"><rect width="64" height="64" fill="#fff"/>')
  .replace(/(<path[^>]*\/>)(.*)<\/svg>/, (_all, path: string, dots: string) => {
    const shape = path.replace('/>', ' mask="url(#m)"/>')
    return `${dots.replaceAll('#0b7a75', '#000')}</mask>${shape}</svg>`
  })

const ICONS = [
  { name: 'icon-192', from: svg, size: 192 },
  { name: 'icon-512', from: svg, size: 512 },
  { name: 'icon-maskable-192', from: square, size: 192 },
  { name: 'icon-maskable-512', from: square, size: 512 },
  { name: 'apple-touch-icon', from: square, size: 180 },
  { name: 'badge-96', from: silhouette, size: 96 },
]
for (const { name, from, size } of ICONS)
  await sharp(Buffer.from(from), { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toFile(join(PUBLIC, `${name}.png`))

mkdirSync(join(PUBLIC, 'screenshots'), { recursive: true })
for (const name of ['conversation', 'phone-rooms', 'phone-conversation'])
  copyFileSync(join(ROOT, `docs/screenshots/${name}.webp`), join(PUBLIC, `screenshots/${name}.webp`))
