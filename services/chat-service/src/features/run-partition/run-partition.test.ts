import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { createServiceTokens } from '@bigtech/http'
import type { Static } from 'typebox'
import { openPartitionHost } from '../../adapters/http/partition-host.fixture.ts'
import type { ChatCommand, Kind } from '../../adapters/partition/commands.ts'
import type { KnownCommand } from './commands.schema.ts'

const secret = 'a secret of at least 32 characters'
const on = { now: 1_790_000_000_000, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }

type Checked = Static<typeof KnownCommand>

const file = { id: 'f1', name: '사진.jpg', type: 'image/jpeg', size: 10, width: 4, height: null, has_thumbnail: true }

/** One of each kind. What this program asks is let in, and what is let in is all that it needs. */
const asked = {
  append: {
    room_id: 10,
    user_id: 1,
    message_type: 'image',
    content: '안녕',
    reply_to: null,
    file,
    client_message_id: '가'.repeat(128),
    reply_to_user_id: 2,
    mentions: [
      { user_id: 2, offset: 0, length: 1 },
      { everyone: true, offset: 1, length: 1 },
    ],
    ...on,
  },
  change: {
    room_id: 10,
    seq: 3,
    change: { kind: 'react', emoji: '👍' },
    actor: { user_id: 1, role: 'member', room_type: 'group' },
    limits: { reactions: 20, pins: 50 },
    ...on,
  },
  markRead: { room_id: 10, user_id: 1, seq: 0, ...on },
  openDirect: { room_id: 10, user_id: 1, other_id: 2, ...on },
  createGroup: { room_id: 10, actor: 1, name: null, member_ids: [2, 3], ...on },
  addMembers: { room_id: 10, actor: 1, user_ids: [4], via: 'added', limit: 100, ask_again_after: 0, ...on },
  acceptInvitation: { room_id: 10, actor: 4, limit: 100, rooms_limit: 5, ...on },
  declineInvitation: { room_id: 10, user_id: 4, now: on.now },
  withdrawInvitation: { room_id: 10, user_id: 4 },
  removeMember: { room_id: 10, actor: 1, user_id: 2, via: 'removed', ...on },
  setRole: { room_id: 10, actor: 1, user_id: 2, role: 'owner', ...on },
  rename: { room_id: 10, actor: 1, name: '', ...on },
  hideDirect: { room_id: 10, user_id: 1 },
  setMuted: { room_id: 10, user_id: 1, muted: true },
  setSettings: { room_id: 10, user_id: 1, notify: 'mentions', muted_until: null, ...on },
  setInvite: { room_id: 10, code: null, expires_at: null },
  wasDone: { room_id: 10 },
} satisfies { [K in Kind]: Extract<ChatCommand, { kind: K }>['asks'] }

async function open(t: TestContext) {
  const handed: unknown[] = []
  const { address } = await openPartitionHost(t, {
    node: 'a#1',
    secret,
    async handle(_p, _term, commands) {
      handed.push(...commands)
      return commands.map(() => ({ answer: null }))
    },
  })
  const tokens = createServiceTokens({ service: 'chat-service', secrets: [secret] })
  const post = async (body: unknown) => {
    const response = await fetch(`${address}/internal/partitions/0/commands`, {
      method: 'POST',
      headers: { authorization: tokens.authorization('chat-service'), 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    await response.body?.cancel()
    return response.status
  }
  return { handed, post }
}

const commandOf = (kind: string, asks: object) => ({ key: 'k', call: 'c', body: { kind, asks } })

suite('commands of other processes', () => {
  test('those that this program asks are handed on as they are', async (t) => {
    const { handed, post } = await open(t)
    const commands = Object.entries(asked).map(([kind, asks]) => commandOf(kind, { ...asks, of_a_newer_process: 1 }))
    assert.equal(await post({ term: 1, commands }), 200)
    assert.deepEqual(handed, commands)
  })

  test('a command of a newer process is handed on, to fail alone', async (t) => {
    const { handed, post } = await open(t)
    const commands = [commandOf('archive', { room_id: 10 }), commandOf('wasDone', { room_id: 10 })]
    assert.equal(await post({ term: 1, commands }), 200)
    assert.equal(handed.length, 2)
  })

  test('each is refused when anything that it needs is missing or of another kind, and nothing is handed on', async (t) => {
    const { handed, post } = await open(t)
    const optional = new Set(['limits', 'ask_again_after', 'rooms_limit', 'reply_to_user_id', 'mentions'])
    const wrong = [undefined, {}, [[]], Number.NaN, -1, 1.5, 2 ** 53, 'x'.repeat(20_000)]
    for (const [kind, asks] of Object.entries(asked))
      for (const field of Object.keys(asks))
        for (const value of wrong) {
          if (value === undefined && optional.has(field)) continue
          // NaN is sent as null, which says "none" where there may be none.
          if (Number.isNaN(value) && (asks as Record<string, unknown>)[field] === null) continue
          if (Number.isNaN(value) && ['file', 'client_message_id', 'reply_to_user_id'].includes(field)) continue
          const status = await post({ term: 1, commands: [commandOf(kind, { ...asks, [field]: value })] })
          const shown = typeof value === 'string' ? 'a long text' : JSON.stringify(value)
          assert.equal(status, 422, `${kind} with ${field} = ${shown}`)
        }
    assert.deepEqual(handed, [])
  })

  test('what would be stored and could never be put into the tables is refused', async (t) => {
    const { handed, post } = await open(t)
    const hostile = [
      commandOf('append', { ...asked.append, message_type: 'system' }),
      commandOf('append', { ...asked.append, file: { ...file, id: 'f'.repeat(65) } }),
      commandOf('append', { ...asked.append, file: { ...file, size: '10' } }),
      commandOf('createGroup', { ...asked.createGroup, member_ids: [2, 2] }),
      commandOf('createGroup', { ...asked.createGroup, actor: 'one' }),
      commandOf('setRole', { ...asked.setRole, role: 'a role of many characters' }),
      commandOf('change', { ...asked.change, change: { kind: 'react', emoji: '' } }),
      commandOf('change', { ...asked.change, change: { kind: 'unheard of' } }),
      commandOf('__proto__', {}),
      { ...commandOf('wasDone', asked.wasDone), key: '' },
      { ...commandOf('wasDone', asked.wasDone), key: 'k'.repeat(501) },
      { key: 'k', call: 'c', body: null },
      null,
    ]
    for (const command of hostile)
      assert.equal(
        await post({ term: 1, commands: [commandOf('wasDone', asked.wasDone), command] }),
        422,
        JSON.stringify(command),
      )
    for (const body of [
      '{"term":1,"commands":',
      '[]',
      '""',
      '{"term":1e400,"commands":[]}',
      '{"term":-1,"commands":[]}',
    ])
      assert.match(String(await post(body)), /^4(00|22)$/, body)
    assert.deepEqual(handed, [])
  })
})

/** The compiler sees that the schemas and the types of commands say the same. */
type Deep<T> = { -readonly [Key in keyof T]: Deep<T[Key]> }
const _letIn = (command: Deep<ChatCommand>): Deep<Checked> => command
const _complete = (command: Deep<Checked>): Deep<ChatCommand> => command
void _letIn
void _complete
