import { isoTime } from '@bigtech/kernel'
import type { AlertStore, LinkStore, WatchStore } from '../../link-ports.ts'
import type { ConsentStore } from '../../ports.ts'
import { viewLinks } from '../../views/link.ts'

export type ExportLinksPorts = Readonly<{
  consents: ConsentStore
  links: Pick<LinkStore, 'of'>
  watches: Pick<WatchStore, 'reads' | 'notes' | 'notesBy'>
  alerts: Pick<AlertStore, 'list' | 'about'>
}>

type Asked = Readonly<{ user_id: number }>

/** Of a step. */
const AT_ONCE = 100

/** Rows a page at a time, until there are no more. */
async function* allOf<Row extends Readonly<{ id: number }>>(
  page: (before: number | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  for (let before: number | undefined; ;) {
    const some = await page(before)
    yield* some
    before = some.at(-1)?.id
    if (some.length < AT_ONCE) return
  }
}

/** What is between this person and others, as far as it is theirs: also what was noted, told and looked at about them. */
export const LINK_PARTS: Readonly<Record<string, (ports: ExportLinksPorts, asked: Asked) => AsyncIterable<object>>> = {
  async *links(ports, { user_id }) {
    for await (const link of allOf((before) => ports.links.of({ user_id, before, limit: AT_ONCE })))
      yield* await viewLinks(ports, [link])
  },
  async *reads({ watches }, { user_id: senior_id }) {
    for await (const { read_at, ...row } of allOf((before) => watches.reads({ senior_id, before, limit: AT_ONCE })))
      yield { ...row, at: isoTime(read_at) }
  },
  async *notes({ watches }, { user_id }) {
    const about = allOf((before) => watches.notes({ senior_id: user_id, before, limit: AT_ONCE }))
    for await (const { created_at, ...note } of about) yield { ...note, created_at: isoTime(created_at) }
    for (const { created_at, ...note } of await watches.notesBy(user_id))
      yield { ...note, created_at: isoTime(created_at) }
  },
  async *alerts({ alerts }, { user_id }) {
    const told = allOf((before) => alerts.list({ guardian_id: user_id, before, limit: AT_ONCE }))
    for (const alert of await alerts.about(user_id)) yield viewOf(alert)
    for await (const alert of told) yield viewOf(alert)
  },
}

/** Whether a guardian has read it is the guardian's. */
const viewOf = ({ id, senior_id, guardian_id, kind, raised_at }: Awaited<ReturnType<AlertStore['about']>>[number]) => ({
  id,
  senior_id,
  guardian_id,
  kind,
  raised_at: isoTime(raised_at),
})
