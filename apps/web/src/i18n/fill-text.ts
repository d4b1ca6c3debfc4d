/** Of English; Korean has one form for all numbers. */
const plurals = new Intl.PluralRules('en')

/** Replaces `{name}` by its value, and `{count|file|files}` by its value and the form that goes with it: `1 file`, `2 files`, `300+ files`. */
export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (one === undefined) return String(value)
    return `${value} ${plurals.select(Number(value)) === 'one' ? one : other}`
  })
}
