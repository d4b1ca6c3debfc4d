import { join } from 'node:path'
import { SAMPLE_RATE, spokenPieces, writeWav } from '@bigtech/audio'
import { friendTopics } from '@bigtech/friend-service/contract'
import { createMemoryRateLimiter } from '@bigtech/http'
import { startModule, type Answer, type TestHost } from '@bigtech/http/testing'
import { createEmbeddedBus, withDlq, type EventBus, type StoredRecord } from '@bigtech/messaging'
import { createLogger, createMetrics } from '@bigtech/telemetry'
import { createTestClock, tempDir, type Cleanup, type TestClock } from '@bigtech/testkit'
import { userTopics } from '@bigtech/user-service/contract'
import { unlessAborted } from './adapters/failures.ts'
import type { PlaceLimits } from './access/places.ts'
import { createDecoder, openAiDatabase, type AiDatabase } from './adapters/index.ts'
import { CARE_TOPIC, careTopics } from './contract/events.ts'
import { createAiModule } from './module.ts'
import { CONSENTS } from './domain/consents.ts'
import type { Decoder, SpeechState, SpeechToText, TextModel } from './ports.ts'

export const [MINSU, JIWOO, EMMA, HARIN] = [1, 2, 3, 4] as const

/** What the recogniser is played with: what it hears, and how many of its recordings are under way. */
export type PlayedSpeech = {
  state: SpeechState
  /** Its state is not known before. */
  loading?: Promise<void>
  says: string
  alternatives: string[]
  /** Recordings wait for it. */
  hold: Promise<void> | undefined
  heard: number[]
  atOnce: number
}

/** What user-service says; nobody is gone. */
export type PlayedPeople = { gone: (asked: readonly number[]) => Promise<ReadonlySet<number>> }
/** What friend-service says; all are friends. */
export type PlayedFriends = { answer: (who: number, other: number) => Promise<boolean> }

/** All that an answer to a recording may have. */
export type Heard = {
  transcript: string
  confidence: number | null
  audio_duration: number
  emotional_state: string
  safety: { level: string }
  code: string
  detail: string
}

export type ServiceOptions = Readonly<{
  /** Where the recogniser is; default: on this machine. */
  speechAt?: string
  textModel?: TextModel
  maxBytes?: number
  maxSeconds?: number
  /** Takes WAV files as `spoken` makes them, without a process for each. */
  playedDecoder?: true
  places?: Partial<PlaceLimits>
  /** Another process of the same service. */
  beside?: Readonly<{ world: World; clock: TestClock }>
  owner?: string
  clock?: TestClock
}>
/** What the processes of a service share. */
type World = Readonly<{ bus: EventBus; database: AiDatabase; hosts: TestHost[] }>

async function openWorld(t: Cleanup): Promise<World> {
  const dir = tempDir(t)
  const bus = await createEmbeddedBus({ file: join(dir, 'bus.db') })
  await bus.ensureTopics(withDlq([...userTopics, ...friendTopics, ...careTopics]))
  const database = await openAiDatabase(join(dir, 'ai.db'))
  const hosts: TestHost[] = []
  t.after(async () => {
    for (const host of hosts) await host.close()
    await database.close()
    await bus.close()
  })
  return { bus, database, hosts }
}

/** Bytes of a WAV file before its samples. */
const WAV_HEAD = 44

const playedDecoder = (limits: Readonly<{ maxBytes: number; maxSeconds: number }>): Decoder => ({
  ...limits,
  probe: async (bytes) => (bytes.length - WAV_HEAD) / 2 / SAMPLE_RATE,
  async decode(bytes, { pieceSeconds }) {
    const samples = new Float32Array((bytes.length - WAV_HEAD) / 2).fill(0.1)
    const pieces = Array.from({ length: Math.ceil(samples.length / SAMPLE_RATE / pieceSeconds) }, () => ({
      start: 0,
      end: samples.length,
    }))
    return { samples, pieces }
  },
})

/** A whole ai-service on its database, with the real decoder; the recogniser is played. */
export async function startService(t: Cleanup, options: ServiceOptions = {}) {
  const world = options.beside?.world ?? (await openWorld(t))
  const { bus, database } = world
  const played: PlayedSpeech = {
    state: 'ready',
    says: '안녕하세요',
    alternatives: [],
    hold: undefined,
    heard: [],
    atOnce: 0,
  }
  const friends: PlayedFriends = { answer: async () => true }
  const people: PlayedPeople = { gone: async () => new Set() }
  const { maxBytes = 1024 * 1024, maxSeconds = 20 } = options
  const metrics = createMetrics('ai-service')
  const { clock = options.beside?.clock ?? createTestClock() } = options
  const log: string[] = []
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void log.push(line) } })
  const module = createAiModule({
    ...database,
    bus,
    friends: {
      areFriends: (other, authorization) => friends.answer(Number(authorization.slice('Bearer '.length)), other),
    },
    people: { gone: (asked) => people.gone(asked) },
    consentWrites: createMemoryRateLimiter({ limit: 60, windowS: 3_600 }),
    decoder: options.playedDecoder ? playedDecoder({ maxBytes, maxSeconds }) : createDecoder({ maxBytes, maxSeconds }),
    speech: playedSpeech(played, options.speechAt ?? null),
    ...(options.textModel ? { textModel: options.textModel } : {}),
    clock,
    logger,
    metrics,
    version: '0.1.0',
    readiness: {},
    relayOwner: options.owner ?? 'test',
    renewMs: 20,
    ...(options.places ? { places: options.places } : {}),
    keepMs: 90 * 86_400_000,
    timeZone: 'Asia/Seoul',
  })
  const host = await startModule(module)
  world.hosts.push(host)
  /** A form with a recording, as a browser or curl sends it; the file first, as in the source's example. */
  async function send(
    by: number | undefined,
    url: string,
    file: Uint8Array | undefined,
    fields: Record<string, string> = {},
  ): Promise<Answer<Heard> & { headers: Record<string, unknown> }> {
    const form = new FormData()
    if (file) form.set('file', new Blob([Uint8Array.from(file)]), '통화녹음어머니.m4a')
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const body = new Response(form)
    const answer = await host.app.inject({
      method: 'POST',
      url,
      headers: {
        'content-type': body.headers.get('content-type')!,
        ...(by === undefined ? {} : { authorization: `Bearer ${by}` }),
      },
      payload: Buffer.from(await body.arrayBuffer()),
    })
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
  }
  /** What was published, in the order of each person's. */
  async function published(): Promise<StoredRecord[]> {
    await module.events.flush()
    const partitions = careTopics[0]!.partitions
    const all = Array.from({ length: partitions }, (_, partition) =>
      bus.admin.read({ topic: CARE_TOPIC, partition, offset: 0, limit: 1_000 }),
    )
    return (await Promise.all(all)).flat()
  }
  const agree = (by: number) => host.call(by, 'PUT', '/care/consents/analysis', { version: CONSENTS.analysis.version })
  return {
    ...host,
    world,
    module,
    turns: module.turns,
    played,
    friends,
    people,
    bus,
    clock,
    log,
    database,
    consents: database.consents,
    metrics,
    send,
    published,
    agree,
  }
}

const playedSpeech = (played: PlayedSpeech, leavesTo: string | null): SpeechToText => ({
  name: leavesTo === null ? 'whisper' : 'google',
  leavesTo,
  atOnce: 1,
  pieceSeconds: 20,
  knows: (language) => language.startsWith('ko') || language.startsWith('en'),
  async state() {
    await played.loading
    return played.state
  },
  async transcribe(samples, { language, signal, pieces = spokenPieces(samples, 20), onProgress }) {
    const silence = { text: '', alternatives: [], confidence: null, confidence_basis: 'played', language }
    if (pieces.length === 0) return silence
    played.heard.push(samples.length)
    played.atOnce++
    onProgress?.(0.5)
    try {
      await unlessAborted(signal, played.hold ?? Promise.resolve())
    } finally {
      played.atOnce--
    }
    const { says: text, alternatives } = played
    return { text, alternatives, confidence: null, confidence_basis: 'played', language }
  },
  close: async () => {},
})

/** A voice-like sound: syllables that rise and fall, of a low voice with overtones. */
export function spoken(seconds: number): Uint8Array {
  const samples = Float32Array.from({ length: seconds * 16_000 }, (_, i) => {
    const at = i / 16_000
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.5 * at)) ** 2
    const voice = [1, 2, 3, 4].reduce((sum, n) => sum + Math.sin(2 * Math.PI * 130 * n * at) / n, 0)
    return 0.2 * syllable * voice + 0.0005 * Math.sin(i * 12.9898)
  })
  return writeWav(samples)
}

export const silent = (seconds: number): Uint8Array => writeWav(new Float32Array(seconds * 16_000))
