import { createScale, type Axis, type Scale } from './scale.ts'

export type Point = { x: number; y: number; min: number; max: number }
export type Series = { name: string; colour: string; dashed?: boolean; points: readonly Point[] }
export type Chart = {
  title: string
  x: Axis
  y: Axis
  series: readonly Series[]
  /** A level to compare with. */
  limit?: { y: number; label: string }
}

const WIDTH = 760
const HEIGHT = 440
const LEFT = 72
const RIGHT = 24
const TOP = 92
const BOTTOM = 60
const LEGEND_ROW = 20
/** Room for the name of the limit. */
const ABOVE_LIMIT = 1.15

/** A card of its own: readable on light and dark pages alike. */
const PAPER = '#ffffff'
const BORDER = '#b6bec8'
const INK = '#1f2328'
const SOFT = '#57606a'
const GRID = '#e3e7ec'

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const round = (value: number) => Math.round(value * 10) / 10

/** A line chart. Each point has a bar from the least to the greatest of its rounds. */
export function drawChart(chart: Chart): string {
  const points = chart.series.flatMap((series) => series.points)
  const x = createScale(
    chart.x,
    points.map((point) => point.x),
  )
  const limits = chart.limit ? [chart.limit.y * ABOVE_LIMIT] : []
  const y = createScale(chart.y, [...points.flatMap(({ min, max }) => [min, max]), ...limits])
  const at = {
    x: (value: number) => round(LEFT + x.place(value) * (WIDTH - LEFT - RIGHT)),
    y: (value: number) => round(HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM)),
  }
  const body = [
    ...grid(x, y, at),
    ...(chart.limit ? limitLine(chart.limit, at) : []),
    ...chart.series.flatMap((series) => line(series, at)),
    text(LEFT, 28, chart.title, `font-size="16" font-weight="600" fill="${INK}"`),
    ...legend(chart.series),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, chart.x.label, `text-anchor="middle" fill="${INK}"`),
    text(
      0,
      0,
      chart.y.label,
      `text-anchor="middle" fill="${INK}" transform="translate(20 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"`,
    ),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="13">
<title>${escape(chart.title)}</title>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="${PAPER}" stroke="${BORDER}"/>
${body.join('\n')}
</svg>
`
}

type Place = { x(value: number): number; y(value: number): number }

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`
}

function grid(x: Scale, y: Scale, at: Place): string[] {
  const bottom = HEIGHT - BOTTOM
  return [
    ...x.ticks.map(({ value }) => stroke(at.x(value), TOP, at.x(value), bottom, GRID)),
    ...y.ticks.map(({ value }) => stroke(LEFT, at.y(value), WIDTH - RIGHT, at.y(value), GRID)),
    stroke(LEFT, bottom, WIDTH - RIGHT, bottom, SOFT),
    stroke(LEFT, TOP, LEFT, bottom, SOFT),
    ...x.ticks
      .filter(({ label }) => label !== undefined)
      .map(({ value, label }) => text(at.x(value), bottom + 20, label!, `text-anchor="middle" fill="${SOFT}"`)),
    ...y.ticks
      .filter(({ label }) => label !== undefined)
      .map(({ value, label }) => text(LEFT - 8, at.y(value) + 4, label!, `text-anchor="end" fill="${SOFT}"`)),
  ]
}

const stroke = (x1: number, y1: number, x2: number, y2: number, colour: string, more = '') =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" ${more}/>`

function limitLine({ y, label }: { y: number; label: string }, at: Place): string[] {
  const place = at.y(y)
  return [
    stroke(LEFT, place, WIDTH - RIGHT, place, SOFT, 'stroke-width="1.5" stroke-dasharray="2 4"'),
    text(WIDTH - RIGHT - 4, place - 6, label, `text-anchor="end" fill="${SOFT}"`),
  ]
}

const dash = (dashed: boolean | undefined) => (dashed ? 'stroke-dasharray="6 4"' : '')

function line({ colour, dashed, points }: Series, at: Place): string[] {
  const path = points.map((point) => `${at.x(point.x)},${at.y(point.y)}`).join(' ')
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" ${dash(dashed)}/>`,
    ...points.flatMap((point) => [
      stroke(at.x(point.x), at.y(point.min), at.x(point.x), at.y(point.max), colour),
      `<circle cx="${at.x(point.x)}" cy="${at.y(point.y)}" r="3.5" fill="${dashed ? PAPER : colour}" stroke="${colour}" stroke-width="1.5"/>`,
    ]),
  ]
}

function legend(series: readonly Series[]): string[] {
  const columns = series.length > 4 ? 3 : 4
  const column = (WIDTH - LEFT - RIGHT) / columns
  return series.flatMap(({ name, colour, dashed }, i) => {
    const left = LEFT + (i % columns) * column
    const y = 50 + Math.floor(i / columns) * LEGEND_ROW
    return [
      stroke(left, y, left + 28, y, colour, `stroke-width="2" ${dash(dashed)}`),
      text(left + 36, y + 4, name, `fill="${INK}"`),
    ]
  })
}
