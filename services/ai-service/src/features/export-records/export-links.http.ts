import { isoTime } from '@bigtech/kernel'
import type { AlertStore, LinkStore, WatchStore } from '../../link-ports.ts'
import type { ConsentStore } from '../../ports.ts'
import { viewLinks } from '../../views/link.ts'
import { allOf } from './all-of.ts'

export type ExportLinksPorts = Readonly<{
  consents: ConsentStore
  links: Pick<LinkStore, 'of'>
  watches: Pick<WatchStore, 'reads' | 'notes' | 'notesBy'>
  alerts: Pick<AlertStore, 'list' | 'about'>
}>

type Asked = Readonly<{ user_id: number }>

/** What is between this person and others, as far as it is theirs: also what was noted, told and looked at about them. */
export const LINK_PARTS: Readonly<Record<string, (ports: ExportLinksPorts, asked: Asked) => AsyncIterable<object>>> = {
  async *links(ports, { user_id }) {
    for await (const link of allOf((page) => ports.links.of({ user_id, ...page })))
      yield* await viewLinks(ports, [link])
  },
  async *reads({ watches }, { user_id: senior_id }) {
    for await (const { read_at, ...row } of allOf((page) => watches.reads({ senior_id, ...page })))
      yield { ...row, at: isoTime(read_at) }
  },
  async *notes({ watches }, { user_id }) {
    const about = allOf((page) => watches.notes({ senior_id: user_id, ...page }))
    for await (const { created_at, ...note } of about) yield { ...note, created_at: isoTime(created_at) }
    for (const { created_at, ...note } of await watches.notesBy(user_id))
      yield { ...note, created_at: isoTime(created_at) }
  },
  async *alerts({ alerts }, { user_id }) {
    const told = allOf((page) => alerts.list({ guardian_id: user_id, ...page }))
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
