import { styleText } from 'node:util'
import { padDisplay, wrapDisplay } from './terminal-text.ts'

type Style = Parameters<typeof styleText>[0]

export type Column = 'left' | 'right'

export type Screen = {
  /** A line of one of the two people. */
  say(column: Column, text: string, style?: Style): void
  /** A line across both columns. */
  tell(text: string, style?: Style): void
  chapter(title: string): void
}

const WIDEST = 120
const NARROWEST_PAIR = 70

/** Two columns side by side, line after line: readable in a terminal, in a file and in a narrow window. */
export function createScreen(
  out: { write(text: string): unknown; isTTY?: boolean; columns?: number },
  names: Record<Column, string>,
): Screen {
  const width = Math.min(out.columns ?? 100, WIDEST)
  const paint = (text: string, style: Style | undefined) =>
    out.isTTY && style ? styleText(style, text, { stream: process.stdout }) : text
  const line = (text: string) => out.write(`${text.trimEnd()}\n`)
  const paired = width >= NARROWEST_PAIR
  const half = Math.floor((width - 3) / 2)

  return {
    say(column, text, style) {
      if (!paired) {
        for (const part of wrapDisplay(`${names[column]} | ${text}`, width)) line(paint(part, style))
        return
      }
      for (const part of wrapDisplay(text, half)) {
        const cell = paint(padDisplay(part, half), style)
        line(column === 'left' ? `${cell} │` : `${padDisplay('', half)} │ ${cell}`)
      }
    },
    tell: (text, style) => {
      for (const part of wrapDisplay(text, width)) line(paint(part, style))
    },
    chapter(title) {
      line('')
      line(paint(`── ${title} ──`, ['bold']))
      if (paired) line(paint(`${padDisplay(names.left, half)} │ ${names.right}`, ['dim']))
    },
  }
}
