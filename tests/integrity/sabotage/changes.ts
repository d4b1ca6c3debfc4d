import type { SabotageName } from './table.ts'

/** Of a module, found by the end of its address: one place, and what is there instead. */
export type Change = { file: string; from: string; to: string }

const LOG = '/partition-log/src'
const CHAT = '/chat-service/src/adapters'
const NOTES = '/notification-service/src'
const STATISTICS = '/analytics-service/src'

/** What somebody could have written instead, in one place or the few that belong together. */
export const CHANGED: Partial<Record<SabotageName, readonly Change[]>> = {
  'drop-reads': [
    {
      file: '/chat-service/src/views/frames.ts',
      from: "toRoom(room_id, { type: 'read', room_id, user_id, old_read_seq, read_seq })",
      to: '',
    },
  ],
  'note-again': [{ file: `${NOTES}/adapters/sql/note-store.ts`, from: 'open_key: group,', to: 'open_key: null,' }],
  'reaction-kept': [
    {
      file: `${NOTES}/adapters/sql/note-store.ts`,
      from: 'for (const { id, detail } of rows) await',
      to: 'for (const { id, detail } of []) await',
    },
  ],
  'blocked-told': [{ file: `${NOTES}/access/keep-notes.ts`, from: 'blocks.get(user_id)?.has(actor_id)', to: 'false' }],
  'push-lost': [
    {
      file: `${NOTES}/features/deliver-pushes/deliver-pushes.ts`,
      from: 'await payloadOf(ports, delivery)',
      to: 'delivery.id % 5 === 0 ? undefined : await payloadOf(ports, delivery)',
    },
  ],
  'muted-told': [{ file: `${NOTES}/domain/decide-push.ts`, from: "focused || notify === 'none' ||", to: 'focused ||' }],
  'read-shown': [
    { file: `${NOTES}/adapters/sql/taking-off.ts`, from: 'scheduleFor(trx, closing,', to: 'scheduleFor(trx, [],' },
  ],
  'fact-twice': [
    {
      file: `${STATISTICS}/features/ingest-events/ingest-events.consumer.ts`,
      from: 'ingest.take(records)',
      to: 'ingest.take(records).then(() => ingest.take(records))',
    },
    {
      file: `${STATISTICS}/adapters/duckdb/write.ts`,
      from: 'FROM facts WHERE moment >= ${from} AND moment <= ${to}',
      to: 'FROM facts WHERE moment < 0',
    },
  ],
  'fact-again': [
    {
      file: `${STATISTICS}/adapters/duckdb/write.ts`,
      from: 'FROM facts WHERE moment >= ${from} AND moment <= ${to}',
      to: 'FROM facts WHERE moment < 0',
    },
  ],
  'told-again': [
    { file: `${NOTES}/features/tell-rooms/tell-rooms.ts`, from: 'told: known.get(user_id) ?? 0', to: 'told: 0' },
  ],
  'noted-again': [
    {
      file: '/messaging/src/sql/inbox.ts',
      from: 'if (!(await firstTime(trx, event))) throw new AlreadyProcessed()',
      to: 'await firstTime(trx, event)',
    },
  ],
  'letter-lost': [
    { file: '/messaging/src/runner.ts', from: '() => bus.publish([letter])', to: 'async () => void letter' },
  ],
  'poison-counted': [
    {
      file: `${STATISTICS}/domain/facts.ts`,
      from: 'throw new MalformedEvent(`${value.event_type}.${field} must be an id`)',
      to: 'return 0',
    },
  ],
  'poison-stays': [
    {
      file: '/messaging/src/runner.ts',
      from: '(count, why) => isMalformed(why) || count >= retry.attempts',
      to: '() => false',
    },
  ],
  'no-repair': [
    { file: `${LOG}/rules.ts`, from: 'nextToSee: (seen) => seen + 1', to: 'nextToSee: (_, announced) => announced' },
    { file: `${LOG}/rules.ts`, from: 'hasReached: (f, head) => f >= head', to: 'hasReached: () => true' },
  ],
  'lost-control': [
    {
      file: `${LOG}/publisher.ts`,
      from: 'entries.filter((entry) => entry.control)',
      to: '[]',
    },
  ],
  'late-subscription': [
    { file: `${LOG}/room-stream.ts`, from: 'this.#f = f\n    this.#events', to: 'this.#f = -1\n    this.#events' },
    {
      file: `${LOG}/room-stream.ts`,
      from: 'this.#subscription = context.ports.broker.onFrame(room, ({ entries }) => {\n      for (const entry of entries) this.offer(entry)\n    })',
      to: `let begun
    const timer = setTimeout(() => {
      begun = context.ports.broker.onFrame(room, ({ entries }) => {
        for (const entry of entries) this.offer(entry)
      })
    }, 700)
    this.#subscription = { effective: Promise.resolve(), stop: () => (clearTimeout(timer), begun?.stop()) }`,
    },
    {
      file: `${LOG}/room-stream.ts`,
      from: 'if (entry.f <= this.#f || this.#isStopped) return',
      to: 'if (isOld || this.#isStopped) return\n    if (this.#f < 0) this.#f = entry.f - 1\n    if (entry.f <= this.#f) return',
    },
    {
      file: `${LOG}/room-stream.ts`,
      from: 'return this.#isStopped ||',
      to: 'return this.#isStopped || this.#f < 0 ||',
    },
  ],
  'token-ahead': [{ file: `${LOG}/rules.ts`, from: 'Math.min(...seen)', to: 'Math.max(...seen)' }],
  'stale-cache': [
    {
      file: `${CHAT}/mysql/chat-tables.ts`,
      from: '...createMysqlMemberships(db),',
      to: `...((of, known = new Map()) => ({
        ...of,
        async sender(room, user) {
          const key = \`\${room}/\${user}\`
          if (!known.has(key)) known.set(key, await of.sender(room, user))
          return known.get(key)
        },
      }))(createMysqlMemberships(db)),`,
    },
  ],
  'no-fence': [
    {
      file: `${CHAT}/mysql/log-store.ts`,
      from: 'JSON.stringify(entries) })\n',
      to: 'JSON.stringify(entries) })\n.onDuplicateKeyUpdate({ term, at, by, entries: JSON.stringify(entries) })\n',
    },
  ],
  'dies-before-publishing': [
    {
      file: `${LOG}/relay.ts`,
      from: 'await asked(() => cursors.read(this.#p))',
      to: '(await asked(() => cursors.advance(this.#p, this.#upTo)), this.#upTo)',
    },
  ],
  'projection-twice': [
    {
      file: `${LOG}/projector.ts`,
      from: 'if (documents.length > 0)\n',
      to: 'await ports.runtime.sleep(1_000)\nif (documents.length > 0)\n',
    },
    { file: `${CHAT}/mysql/apply.ts`, from: 'if (document.n <= n) continue', to: '' },
    { file: `${CHAT}/mysql/apply.ts`, from: 'document.n !== n + 1', to: 'false' },
    {
      file: `${CHAT}/mysql/apply.ts`,
      from: 'positions.set(p, {',
      to: 'if (document.n > n) positions.set(p, {',
    },
    { file: `${CHAT}/mysql/changes.ts`, from: 'if (f <= before) return', to: '' },
    { file: `${CHAT}/mysql/changes.ts`, from: 'f > before + 1', to: 'false' },
  ],
}
