export type SseEvent = { id: string | undefined; data: string }

/**
 * Server-Sent Events as WHATWG HTML 9.2.6 reads them (names of events and `retry` are not used by our streams).
 * @returns takes text as it comes and gives the events it completes
 */
export function createSseParser(): (text: string) => SseEvent[] {
  let rest = ''
  let data: string[] = []
  let id: string | undefined

  return (text) => {
    const events: SseEvent[] = []
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ id, data: data.join('\n') })
        data = []
        id = undefined
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'data') data.push(value)
      else if (field === 'id') id = value
    }
    return events
  }
}
