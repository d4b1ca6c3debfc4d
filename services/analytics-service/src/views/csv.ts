import type { ExportRow } from '../ports.ts'

/** RFC 4180, with a byte-order mark: spreadsheets take a file without one for another encoding. */
export function csvOf(rows: readonly ExportRow[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return `\uFEFF${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}

/** A text that begins like a formula is none: spreadsheets would run it. */
function cell(value: string | number | null): string {
  if (typeof value !== 'string') return String(value ?? '')
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
