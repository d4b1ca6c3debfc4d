/** One environment variable: how it is read, its default and what the documents say of it. */
export type Setting<T> = Readonly<{
  doc: string
  /** What a value must be, e.g. `an integer from 1 to 65535`. Used in errors and documents. */
  expected: string
  /** The default as one would write it in the environment; undefined = none. */
  defaultText: string | undefined
  /** True: a start without it fails. */
  required: boolean
  /** True: its value is never shown, not even when it is wrong. */
  secret: boolean
  defaultValue: T | undefined
  /** The value; undefined if the (trimmed, non-empty) text is not `expected`. */
  read: (text: string) => T | undefined
  /** Only for the types, never there: of `T | undefined` alone nobody can tell whether T has an undefined of its own. */
  type?: { of: T }
}>

/** `doc`: one sentence for the operator. Without `default` and `optional` the variable must be set. */
type Options<T> = { doc: string; secret?: boolean; default?: T; optional?: boolean }

/** undefined is part of the type only for what is optional without a default. */
type Value<O, T> = O extends { optional: true } ? (O extends { default: T } ? T : T | undefined) : T

type Kind<T> = { expected: string; read: (text: string) => T | undefined; show: (value: T) => string }

function setting<T, O extends Options<T>>(options: O, kind: Kind<T>): Setting<Value<O, T>> {
  return {
    doc: options.doc,
    expected: kind.expected,
    defaultText: options.default === undefined ? undefined : kind.show(options.default),
    required: options.default === undefined && !options.optional,
    secret: options.secret ?? false,
    defaultValue: options.default as Value<O, T> | undefined,
    read: kind.read as (text: string) => Value<O, T> | undefined,
  }
}

/** Any text. @param options.minLength in characters (for secrets) */
export function string<const O extends Options<string> & { minLength?: number }>(
  options: O,
): Setting<Value<O, string>> {
  const { minLength = 1 } = options
  return setting<string, O>(options, {
    expected: minLength > 1 ? `a text of at least ${minLength} characters` : 'a text',
    read: (text) => (text.length >= minLength ? text : undefined),
    show: (value) => value,
  })
}

/** An integer from `min` (default 0) to `max` (default: any). */
export function int<const O extends Options<number> & { min?: number; max?: number }>(
  options: O,
): Setting<Value<O, number>> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return setting<number, O>(options, {
    expected: `an integer ${range}`,
    read: (text) => {
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
      return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined
    },
    show: String,
  })
}

/** true or false (also 1, 0, yes, no, on, off). */
export function boolean<const O extends Options<boolean>>(options: O): Setting<Value<O, boolean>> {
  const words: Record<string, boolean> = { true: true, 1: true, yes: true, on: true }
  const negatives: Record<string, boolean> = { false: false, 0: false, no: false, off: false }
  return setting<boolean, O>(options, {
    expected: 'true or false',
    read: (text) => ({ ...words, ...negatives })[text.toLowerCase()],
    show: String,
  })
}

/** One of the words. */
export function oneOf<const W extends string, const O extends Options<W>>(
  words: readonly W[],
  options: O,
): Setting<Value<O, W>> {
  return setting<W, O>(options, {
    expected: words.length === 1 ? words[0]! : `one of ${words.join(', ')}`,
    read: (text) => words.find((word) => word === text),
    show: (value) => value,
  })
}

/** Texts separated by commas, without repeats. @param options.minLength of each, in characters (for secrets) */
export function list<const O extends Options<readonly string[]> & { minLength?: number }>(
  options: O,
): Setting<Value<O, readonly string[]>> {
  const { minLength = 1 } = options
  return setting<readonly string[], O>(options, {
    expected: `a comma-separated list${minLength > 1 ? ` of texts of at least ${minLength} characters` : ''}`,
    read: (text) => {
      const given = split(text)
      return given?.every((part) => part.length >= minLength) ? given : undefined
    },
    show: (value) => value.join(','),
  })
}

/** Origins of web sites, separated by commas: scheme, host and port as a browser sends them; no path, no `*`, no `null`. */
export function origins<const O extends Options<readonly string[]>>(options: O): Setting<Value<O, readonly string[]>> {
  return setting<readonly string[], O>(options, {
    expected: 'a comma-separated list of origins such as https://chat.example.com (no path, no *)',
    read: (text) => {
      const given = split(text.toLowerCase())
      return given?.every((part) => /^https?:[^*]+$/.test(part) && URL.parse(part)?.origin === part) ? given : undefined
    },
    show: (value) => value.join(','),
  })
}

/** Some of the words, separated by commas, without repeats. */
export function listOf<const W extends string, const O extends Options<readonly W[]>>(
  words: readonly W[],
  options: O,
): Setting<Value<O, readonly W[]>> {
  const known = (text: string): text is W => words.some((word) => word === text)
  return setting<readonly W[], O>(options, {
    expected: `a comma-separated list of ${words.join(', ')}`,
    read: (text) => {
      const given = split(text)
      return given?.every(known) ? given : undefined
    },
    show: (value) => value.join(','),
  })
}

function split(text: string): string[] | undefined {
  const parts = text.split(',').map((part) => part.trim())
  const given = [...new Set(parts)].filter((part) => part !== '')
  return given.length > 0 ? given : undefined
}

/** An absolute URL, without a trailing slash. @param options.protocols default http and https */
export function url<const O extends Options<string> & { protocols?: readonly string[] }>(
  options: O,
): Setting<Value<O, string>> {
  const { protocols = ['http', 'https'] } = options
  return setting<string, O>(options, {
    expected: `a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
    read: (text) => {
      const parsed = URL.parse(text)
      const known = parsed && text.includes('://') && protocols.includes(parsed.protocol.slice(0, -1))
      return known ? text.replace(/\/+$/, '') : undefined
    },
    show: (value) => value,
  })
}

const DURATION_UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZE_UNITS: Record<string, number> = { B: 1, KB: 1_024, MB: 1_024 ** 2, GB: 1_024 ** 3 }

/** A time span such as `500ms`, `30s`, `15m`, `1h`, `7d`. The value and the default are in milliseconds. */
export function duration<const O extends Options<number> & { min?: number; max?: number }>(
  options: O,
): Setting<Value<O, number>> {
  return quantity(options, 'a time such as 500ms, 30s, 15m, 1h or 7d', DURATION_UNITS)
}

/** A size such as `512KB`, `10MB`, `1GB` (powers of 1024). The value and the default are in bytes. */
export function bytes<const O extends Options<number> & { min?: number; max?: number }>(
  options: O,
): Setting<Value<O, number>> {
  return quantity(options, 'a size such as 512KB, 10MB or 1GB', SIZE_UNITS)
}

function quantity<const O extends Options<number> & { min?: number; max?: number }>(
  options: O,
  expected: string,
  units: Record<string, number>,
): Setting<Value<O, number>> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options
  const byName = new Map(Object.entries(units).map(([name, factor]) => [name.toLowerCase(), factor]))
  const show = (value: number): string => {
    const fits = Object.entries(units).findLast(([, factor]) => value % factor === 0 && value >= factor)
    return fits ? `${value / fits[1]}${fits[0]}` : `${value}${Object.keys(units)[0]}`
  }
  const limits = [
    ...(min > 0 ? [`at least ${show(min)}`] : []),
    ...(max < Number.MAX_SAFE_INTEGER ? [`at most ${show(max)}`] : []),
  ]
  return setting<number, O>(options, {
    expected: [expected, ...limits].join(', '),
    read: (text) => {
      const match = /^(\d+)\s*([a-z]+)$/i.exec(text)
      const factor = match ? byName.get(match[2]!.toLowerCase()) : undefined
      const value = factor === undefined ? Number.NaN : Number(match![1]) * factor
      return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined
    },
    show,
  })
}
