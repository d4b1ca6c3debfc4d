export type Axis = {
  label: string
  scale: 'log' | 'linear'
  /** What the axis must show, even where no point lies. */
  include?: readonly number[]
}

export type Scale = {
  /** 0 at the lower end, 1 at the upper. */
  place(value: number): number
  ticks: readonly { value: number; label: string | undefined }[]
}

/** An axis that holds all values and ends on a tick. */
export function createScale(axis: Axis, values: readonly number[]): Scale {
  const all = [...values, ...(axis.include ?? [])]
  return axis.scale === 'log' ? logScale(all) : linearScale(all)
}

const STEPS = [1, 2, 5]
/** More labels than this run into each other. */
const MAX_LABELS = 13

function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0)
  const marks: number[] = []
  for (let decade = Math.floor(Math.log10(Math.min(...positive))); ; decade++) {
    marks.push(...STEPS.map((step) => step * 10 ** decade))
    if (10 ** (decade + 1) > Math.max(...positive)) {
      marks.push(10 ** (decade + 1))
      break
    }
  }
  const first = marks.findLastIndex((mark) => mark <= Math.min(...positive))
  const last = marks.findIndex((mark) => mark >= Math.max(...positive) * 0.999)
  const shown = marks.slice(first, last + 1)
  const [low, high] = [Math.log10(shown[0]!), Math.log10(shown.at(-1)!)]
  const isDecade = (value: number) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9
  return {
    place: (value) => (Math.log10(value) - low) / (high - low || 1),
    ticks: shown.map((value) => ({
      value,
      label: shown.length <= MAX_LABELS || isDecade(value) ? formatTick(value) : undefined,
    })),
  }
}

function linearScale(values: readonly number[]): Scale {
  const high = Math.max(...values)
  const rough = high / 6
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * [...STEPS, 10].find((candidate) => candidate * unit >= rough)!
  const count = Math.ceil(high / step)
  return {
    place: (value) => value / (count * step),
    ticks: Array.from({ length: count + 1 }, (_, i) => ({ value: i * step, label: formatTick(i * step) })),
  }
}

/** 20,000 as `20k`, 10⁷ as `10M`. */
function formatTick(value: number): string {
  const short = (of: number, unit: string) => `${Number((value / of).toPrecision(3))}${unit}`
  if (value >= 1e6) return short(1e6, 'M')
  return value >= 1e3 ? short(1e3, 'k') : short(1, '')
}
