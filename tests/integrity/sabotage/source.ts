/**
 * Loaded in the server, or in the processes of chat-service of a cluster, with `--sabotage`: modules are read as the sabotage named in SABOTAGE has changed them. A place that is not
 * found as it was stops the process: what is not broken cannot be found out.
 */
import { registerHooks } from 'node:module'
import { CHANGED } from './changes.ts'
import type { SabotageName } from './table.ts'

const changed = CHANGED[process.env['SABOTAGE'] as SabotageName] ?? []

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const changes = changed.filter(({ file }) => url.endsWith(file))
    if (changes.length === 0) return loaded
    const source = changes.reduce(
      (text, { file, from, to }) => {
        if (text.split(from).length !== 2) throw new Error(`${file} has no one place '${from}'`)
        return text.replace(from, () => to)
      },
      Buffer.from(loaded.source as Uint8Array).toString(),
    )
    return { ...loaded, source }
  },
})
