import { SyntaxKind } from 'typescript/unstable/ast'
import { createScanner } from 'typescript/unstable/ast/scanner'

export type FoundImport = Readonly<{
  specifier: string
  /** 1-based line of the specifier. */
  line: number
  /** `import type` and `export type … from`: gone at run time. */
  typeOnly: boolean
  /** `import('…')`: loaded when reached. */
  dynamic: boolean
}>

export type Scan = Readonly<{ imports: readonly FoundImport[]; envLines: readonly number[] }>

type Token = { kind: SyntaxKind; text: string; value: string; start: number }

/**
 * The imports, re-exports and `import()` calls with a literal specifier of a TypeScript file, and the lines that read
 * `process.env`. Works on the tokens of TypeScript's own scanner, so comments, strings and templates do not mislead it.
 */
export function scanSource(source: string): Scan {
  const tokens = tokenize(source)
  const lineOf = lineFinder(source)
  const imports: FoundImport[] = []
  const envLines: number[] = []
  const found = (token: Token | undefined, typeOnly: boolean, dynamic: boolean) => {
    if (isString(token)) imports.push({ specifier: token.value, line: lineOf(token.start), typeOnly, dynamic })
  }
  for (const [i, token] of tokens.entries()) {
    const previous = tokens[i - 1]?.kind
    if (token.kind === SyntaxKind.ImportKeyword && previous !== SyntaxKind.DotToken) {
      const next = tokens[i + 1]
      if (next?.kind === SyntaxKind.OpenParenToken) {
        found(tokens[i + 2], previous === SyntaxKind.TypeOfKeyword, true)
      } else if (isString(next)) found(next, false, false)
      else found(specifierAfterFrom(tokens, i + 1), isTypeOnly(tokens, i + 1), false)
    } else if (token.kind === SyntaxKind.ExportKeyword) {
      const clause = tokens[i + 1]?.kind === SyntaxKind.TypeKeyword ? i + 2 : i + 1
      const kind = tokens[clause]?.kind
      if (kind === SyntaxKind.AsteriskToken || kind === SyntaxKind.OpenBraceToken)
        found(specifierAfterFrom(tokens, clause), clause === i + 2, false)
    } else if (readsEnv(tokens, i)) envLines.push(lineOf(token.start))
  }
  return { imports, envLines }
}

const isString = (token: Token | undefined): token is Token =>
  token?.kind === SyntaxKind.StringLiteral || token?.kind === SyntaxKind.NoSubstitutionTemplateLiteral

/** An import or export clause holds only names, commas, braces and `*` until its `from`. */
function specifierAfterFrom(tokens: readonly Token[], from: number): Token | undefined {
  for (let i = from; i < tokens.length; i++) {
    const { kind, text } = tokens[i]!
    if (kind === SyntaxKind.FromKeyword && isString(tokens[i + 1])) return tokens[i + 1]
    const inClause = /^[\w$]+$/.test(text) || isString(tokens[i]) || ['{', '}', ',', '*'].includes(text)
    if (!inClause) return undefined
  }
  return undefined
}

/** `import type X`, `import type {…}`, `import type * as`; but not `import type from`, a default import of that name. */
function isTypeOnly(tokens: readonly Token[], i: number): boolean {
  const [first, second, third] = [tokens[i], tokens[i + 1], tokens[i + 2]]
  if (first?.kind !== SyntaxKind.TypeKeyword) return false
  return second?.text !== ',' && !(second?.kind === SyntaxKind.FromKeyword && isString(third))
}

/** `process.env`, `process?.env`, `process['env']`, `{ env } = process`. */
function readsEnv(tokens: readonly Token[], i: number): boolean {
  if (tokens[i]!.kind !== SyntaxKind.Identifier || tokens[i]!.text !== 'process') return false
  const [previous, next, after] = [tokens[i - 1]?.text, tokens[i + 1]?.text ?? '', tokens[i + 2]]
  if (['.', '?.', '['].includes(next)) return after?.value === 'env'
  if (previous !== '=' || tokens[i - 2]?.text !== '}') return false
  for (let j = i - 3; j >= 0 && tokens[j]!.text !== '{'; j--) if (tokens[j]!.text === 'env') return true
  return false
}

function tokenize(source: string): Token[] {
  const scanner = createScanner(true, undefined, source)
  const tokens: Token[] = []
  /** For each template being read: how many braces are open inside its current `${`. */
  const templates: number[] = []
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) {
      if (!endsOperand(tokens.at(-1))) kind = scanner.reScanSlashToken()
    } else if (kind === SyntaxKind.TemplateHead) templates.push(0)
    else if (kind === SyntaxKind.OpenBraceToken && templates.length > 0) templates[templates.length - 1]!++
    else if (kind === SyntaxKind.CloseBraceToken && templates.length > 0) {
      if (templates.at(-1) === 0) {
        kind = scanner.reScanTemplateToken(false)
        if (kind === SyntaxKind.TemplateTail) templates.pop()
      } else templates[templates.length - 1]!--
    }
    const start = scanner.getTokenStart()
    tokens.push({ kind, text: scanner.getTokenText(), value: scanner.getTokenValue(), start })
  }
  return tokens
}

/** After an operand a slash divides; elsewhere it begins a regular expression. */
function endsOperand(token: Token | undefined): boolean {
  if (!token) return false
  if ([')', ']', '}', '++', '--', 'this', 'super', 'null', 'true', 'false'].includes(token.text)) return true
  return (
    token.kind === SyntaxKind.Identifier ||
    token.kind === SyntaxKind.NumericLiteral ||
    token.kind === SyntaxKind.BigIntLiteral ||
    token.kind === SyntaxKind.RegularExpressionLiteral ||
    token.kind === SyntaxKind.TemplateTail ||
    isString(token)
  )
}

function lineFinder(source: string): (position: number) => number {
  const starts = [0]
  for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) starts.push(i + 1)
  return (position) => {
    const after = starts.findIndex((start) => start > position)
    return after < 0 ? starts.length : after
  }
}
