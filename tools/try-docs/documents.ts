import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is printed in a document is not what was to be tried: the document or the trial is out of date. */
export class OutOfDate extends Error {}

/**
 * The lines of the fenced block that stands under `<!-- try: name -->`, or under `<!-- name -->`, as printed.
 * @param path from the root of the repository
 */
export function blockOf(root: string, path: string, name: string): string {
  const text = readFileSync(join(root, path), 'utf8')
  const block = new RegExp(`<!-- (?:try: )?${name} -->\n+\`\`\`sh\n([\\s\\S]*?)\`\`\``).exec(text)?.[1]
  if (block === undefined) throw new OutOfDate(`${path} has no block "${name}" to try`)
  return block
}

/** The commands between backquotes of a chapter's numbered list, in their order. */
export function commandsOf(root: string, path: string, heading: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const chapter = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`))
  const items = chapter?.split('\n').filter((line) => /^\d+\. /.test(line)) ?? []
  const commands = items.flatMap((item) =>
    [...item.matchAll(/`((?:npm|mv|git) [^`]+)`/g)].map(([, command]) => command!),
  )
  if (commands.length === 0) throw new OutOfDate(`${path} has no commands under "${heading}"`)
  return commands
}

/** One thing to do: a command, or what a comment asks for. */
export type Line = Readonly<{ command: string; comment: string }>

/** Lines of a block, without those that are empty. */
export function linesOf(block: string): Line[] {
  return block
    .split('\n')
    .map((line) => {
      const at = line.search(/(^|\s)# /)
      const [command, comment] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at)]
      return { command: command.trim(), comment: comment.trim().replace(/^# /, '') }
    })
    .filter(({ command, comment }) => command !== '' || comment !== '')
}

/**
 * Puts what is real in the place of what a document can only give as an example.
 * @throws OutOfDate when the document does not have the example any more
 */
export function real(text: string, examples: Readonly<Record<string, string>>): string {
  let result = text
  for (const [example, value] of Object.entries(examples)) {
    if (!result.includes(example)) throw new OutOfDate(`"${example}" is not in what is tried:\n${text}`)
    result = result.replaceAll(example, value)
  }
  return result
}
