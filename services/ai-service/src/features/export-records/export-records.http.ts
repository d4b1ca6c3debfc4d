import { Readable } from 'node:stream'
import { documented, languageOf, operation, principalOf, type App } from '@bigtech/http'
import { isoTime, type Clock } from '@bigtech/kernel'
import type { ConsentSubject } from '../../domain/consents.ts'
import type { Cloud, EntryStore, RecordingStore } from '../../ports.ts'
import { viewEntry } from '../../views/entry.ts'
import { viewRecording } from '../../views/recording.ts'
import { viewConsent } from '../give-consent/give-consent.ts'
import { allOf } from './all-of.ts'
import { LINK_PARTS, type ExportLinksPorts } from './export-links.http.ts'

export type ExportPorts = ExportLinksPorts &
  Readonly<{
    clouds: readonly Cloud[]
    entries: EntryStore
    recordings: RecordingStore
    clock: Clock
  }>

type Asked = Readonly<{ user_id: number; now: number; language: 'ko' | 'en' }>

/** A list of the document, and what is in it. */
const PARTS: Readonly<Record<string, (ports: ExportPorts, asked: Asked) => AsyncIterable<object>>> = {
  consents: consentsOf,
  recordings: recordingsOf,
  entries: entriesOf,
  ...LINK_PARTS,
}

export function exportRecordsHttp(app: App, ports: ExportPorts): void {
  app.get(
    '/care/export',
    operation({
      id: 'exportCareData',
      tag: 'care',
      summary: 'All that this service holds of you, as a JSON file',
      response: {
        200: documented('lists of what you agreed to, your recordings and what you handed in', 'application/json', {
          type: 'object',
          required: ['exported_at', ...Object.keys(PARTS)],
          properties: {
            exported_at: { type: 'string', format: 'date-time' },
            ...Object.fromEntries(
              Object.keys(PARTS).map((part) => [part, { type: 'array', items: { type: 'object' } }]),
            ),
          },
        }),
      },
    }),
    (request, reply) => {
      const { user_id } = principalOf(request)
      const now = ports.clock.now()
      const asked = { user_id, now, language: languageOf(request.headers['accept-language']) }
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="bigtech-care-user-${user_id}.json"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(written(ports, asked)))
    },
  )
}

/** Piece by piece: of nobody all entries are in memory. */
async function* written(ports: ExportPorts, asked: Asked): AsyncGenerator<string> {
  yield `{"exported_at":${JSON.stringify(isoTime(asked.now))}`
  for (const [name, part] of Object.entries(PARTS)) {
    yield `,${JSON.stringify(name)}:[`
    let comma = ''
    for await (const item of part(ports, asked)) {
      yield comma + JSON.stringify(item)
      comma = ','
    }
    yield ']'
  }
  yield '}'
}

/** Also of those that can no longer be given. */
async function* consentsOf({ consents, clouds }: ExportPorts, { user_id, language }: Asked) {
  const all = await consents.of(user_id)
  const subjects = new Map<string, ConsentSubject>([['analysis', { kind: 'analysis', subject: '' }]])
  for (const { kind, subject } of all.toReversed())
    subjects.set(`${kind}${subject && ` ${subject}`}`, { kind, subject })
  for (const one of subjects.values()) yield viewConsent(one, all, clouds, language)
}

async function* recordingsOf({ recordings }: ExportPorts, { user_id, now, language }: Asked) {
  for await (const job of allOf((page) => recordings.list({ user_id, now, results: true, ...page })))
    yield viewRecording(job, language)
}

async function* entriesOf({ entries }: ExportPorts, { user_id, now, language }: Asked) {
  for await (const entry of allOf((page) => entries.list({ user_id, kind: undefined, now, ...page })))
    yield viewEntry(entry, language)
}
