import assert from 'node:assert/strict'
import { eventually, type Cleanup } from '@bigtech/testkit'
import type { Static } from 'typebox'
import { JIWOO, MINSU, spoken, startService, type ServiceOptions } from '../../ai-service.fixture.ts'
import type { EntrySchema } from '../../contract/entry-schemas.ts'
import type { RecordingSchema } from '../../contract/recording-schemas.ts'

type Recording = Static<typeof RecordingSchema>
type Entry = Static<typeof EntrySchema>
type Service = Awaited<ReturnType<typeof startService>>

export const SAID = '요즘 잠이 안 오고 너무 우울해요'

/** With the consent of both, and a recogniser that says SAID. */
export async function start(t: Cleanup, options: ServiceOptions = {}): Promise<Service> {
  const service = await startService(t, { playedDecoder: true, ...options })
  service.played.says = SAID
  if (!options.beside) for (const who of [MINSU, JIWOO]) await service.agree(who)
  return service
}

export async function send(
  service: Service,
  who: number,
  seconds = 1,
  fields: Record<string, string> = {},
): Promise<Recording> {
  const { status, body, headers } = await service.send(who, '/care/recordings', spoken(seconds), fields)
  assert.equal(status, 202, JSON.stringify(body))
  const recording = body as unknown as Recording
  assert.equal(headers['location'], `/care/recordings/${recording.id}`)
  return recording
}

export const get = async (service: Service, who: number, id: number): Promise<Recording> =>
  (await service.call<Recording>(who, 'GET', `/care/recordings/${id}`)).body

export const cancel = (service: Service, who: number, id: number) =>
  service.call(who, 'DELETE', `/care/recordings/${id}`)

export const ended = (service: Service, who: number, id: number, state: Recording['state']): Promise<Recording> =>
  eventually(async () => {
    const recording = await get(service, who, id)
    assert.equal(recording.state, state, JSON.stringify(recording.error))
    return recording
  })

export const entriesOf = async (service: Service, who: number): Promise<Entry[]> =>
  (await service.call<{ items: Entry[] }>(who, 'GET', '/care/entries')).body.items

/** Recordings wait until it is called. */
export function hold(service: Service): () => void {
  const gate = Promise.withResolvers<void>()
  service.played.hold = gate.promise
  return () => gate.resolve()
}

/** So many were begun. */
export const heard = (service: Service, count: number) =>
  eventually(() => assert.equal(service.played.heard.length, count))

/** Nothing holds a place any more. */
export const idle = (service: Service) =>
  eventually(async () => assert.match(await service.metrics.text(), /care_recordings_pending\S* 0\n/))
