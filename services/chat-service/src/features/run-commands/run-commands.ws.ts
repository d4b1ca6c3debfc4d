import {
  commonErrors,
  faultInJson,
  languageOf,
  toAppError,
  toProblem,
  type CallBudget,
  type Language,
} from '@bigtech/http'
import { AppError, isoTime } from '@bigtech/kernel'
import type { Connection } from '@bigtech/realtime'
import { currentTraceId, currentTraceparent, runWithTrace, type Logger } from '@bigtech/telemetry'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { chatErrors } from '../../contract/errors.ts'
import { EditBody, Emoji, FocusedRoom, Id, SendBody, Seq } from '../../contract/schemas.ts'
import type { MessageChange } from '../../domain/message.ts'
import { idOf } from '../../domain/message.ts'
import { viewMessage } from '../../domain/view.ts'
import type { Appended } from '../../ports.ts'
import { changeMessage, type ChangePorts } from '../change-message/change-message.ts'
import { markRead, type MarkReadPorts } from '../mark-read/mark-read.ts'
import { readChanges, type ReadPorts } from '../read-messages/read-messages.ts'
import { sendCommand } from '../send-message/send-message.http.ts'
import { prepareSend, type SendCommand, type SendPorts } from '../send-message/send-message.ts'
import { setFocus, type FocusPorts } from '../set-focus/set-focus.ts'
import { sendTyping } from '../send-typing/send-typing.ts'
import type { StreamHttpPorts } from '../open-stream/open-stream.http.ts'

const Ref = Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Integer()]))
const onMessage = { ref: Ref, room_id: Id, message_id: Type.String({ maxLength: 64 }) }
const onRoom = { ref: Ref, room_id: Id }

/** The commands of docs/realtime.md: one schema each, the same parts as over HTTP. */
const schemas = {
  send: Type.Object({ ...onRoom, ...SendBody.properties }),
  edit: Type.Object({ ...onMessage, ...EditBody.properties }),
  delete: Type.Object(onMessage),
  react: Type.Object({ ...onMessage, emoji: Emoji }),
  unreact: Type.Object({ ...onMessage, emoji: Emoji }),
  pin: Type.Object(onMessage),
  unpin: Type.Object(onMessage),
  read: Type.Object({ ...onRoom, seq: Seq }),
  typing: Type.Object({ ...onRoom, typing: Type.Optional(Type.Boolean()) }),
  focus: Type.Object({ ref: Ref, room_id: FocusedRoom }),
  changes: Type.Object({ ...onRoom, since_rev: Seq, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }),
  resume: Type.Object({ ref: Ref, token: Type.String({ maxLength: 200 }) }),
  ping: Type.Object({ ref: Ref }),
}
type Schemas = typeof schemas
type Name = keyof Schemas
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, Compile(schema)]))

export type CommandPorts = SendPorts &
  ReadPorts &
  ChangePorts &
  MarkReadPorts &
  FocusPorts &
  StreamHttpPorts & { logger: Logger; calls: CallBudget }

type Answer = object | null

/** One WebSocket as its commands see it. */
export type CommandSession = {
  readonly connection: Connection
  readonly language: Language
  /** The messages that are being checked. */
  lane: Promise<unknown> | undefined
}

export const openCommandSession = (connection: Connection, acceptLanguage: string | undefined): CommandSession => ({
  connection,
  language: languageOf(acceptLanguage),
  lane: undefined,
})

/**
 * Handles the text frames of WebSockets. Messages of one are checked one after the other and so stored in the order they came;
 * their commits overlap. Every command with a `ref` gets exactly one `ack` or `error` with it.
 */
export function createCommandHandler(ports: CommandPorts): (session: CommandSession, text: string) => Promise<void> {
  const commands: { [N in Name]: (session: CommandSession, command: Static<Schemas[N]>) => Promise<Answer> } = {
    async send(session, { room_id, ref: _ref, ...body }) {
      const { row, duplicate } = await inOrder(session, sendCommand(body, room_id, session.connection.user_id))
      const { seq, rev, client_message_id, created_at } = row
      return { room_id, message_id: idOf(row), seq, rev, client_message_id, created_at: isoTime(created_at), duplicate }
    },
    edit: (session, { content, mentions, ...on }) =>
      change(session, on, { kind: 'edit', content, ...(mentions && { mentions }) }),
    delete: (session, on) => change(session, on, { kind: 'delete' }),
    react: (session, { emoji, ...on }) => change(session, on, { kind: 'react', emoji }),
    unreact: (session, { emoji, ...on }) => change(session, on, { kind: 'unreact', emoji }),
    pin: (session, on) => change(session, on, { kind: 'pin' }),
    unpin: (session, on) => change(session, on, { kind: 'unpin' }),
    read: ({ connection }, { room_id, seq }) =>
      markRead(ports, { room_id, seq, user_id: connection.user_id, traceparent: currentTraceparent() }),
    async typing({ connection }, { room_id, typing = true }) {
      await sendTyping(ports, { room_id, user_id: connection.user_id, typing })
      return {}
    },
    async focus({ connection }, { room_id }) {
      await setFocus(ports, { user_id: connection.user_id, connection_id: connection.id }, room_id)
      // Closed meanwhile: it shows nothing any more.
      if (connection.closed) await setFocus(ports, { user_id: connection.user_id, connection_id: connection.id }, null)
      return {}
    },
    changes: ({ connection }, { room_id, since_rev, limit = 200 }) =>
      readChanges(ports, { room_id, since_rev, limit, user_id: connection.user_id }),
    async resume({ connection }, { token }) {
      await ports.streams.resume(connection, token)
      return {}
    },
    ping: async () => ({ at: isoTime(ports.clock.now()) }),
  }

  /** Checks messages one after the other; what is checked is handed to the store at once, in that order. */
  function inOrder(session: CommandSession, command: SendCommand): Promise<Appended> {
    const { lane } = session
    const check = () => prepareSend(ports, command)
    // Whatever became of the one before. Few promises: this is done for every message.
    const checked = lane ? lane.then(check, check) : check()
    session.lane = checked
    const passed = () => {
      if (session.lane === checked) session.lane = undefined
    }
    return checked.then(
      (store) => {
        passed()
        return store()
      },
      (error: unknown) => {
        passed()
        throw error
      },
    )
  }

  async function change(
    { connection }: CommandSession,
    { room_id, message_id }: { room_id: number; message_id: string },
    what: MessageChange,
  ): Promise<Answer> {
    const command = {
      room_id,
      message_id,
      change: what,
      user_id: connection.user_id,
      traceparent: currentTraceparent(),
    }
    const { row, unread_count } = await changeMessage(ports, command)
    return { message: viewMessage(row, unread_count) }
  }

  async function run(session: CommandSession, text: string): Promise<void> {
    const { connection } = session
    let ref: unknown = null
    const left = ports.calls.take(connection.user_id)
    // Whoever goes on and on after being refused is not answered any more.
    if (left < -ports.calls.limit) return connection.close('overloaded')
    try {
      const command = parse(text)
      ref = refOf(command)
      if (left < 0) throw tooMany(ports.calls.resetS(connection.user_id))
      const fault = faultInJson(text)
      if (fault) throw chatErrors.BAD_FRAME({ params: { reason: fault } })
      const name = nameOf(command)
      const validator = validators[name]!
      if (!validator.Check(command)) {
        const [first] = validator.Errors(command)
        throw chatErrors.BAD_FRAME({
          params: { reason: `${first?.instancePath ?? ''} ${first?.message ?? 'not valid'}`.trim() },
        })
      }
      const handler = commands[name] as (session: CommandSession, command: unknown) => Promise<Answer>
      const answer = await handler(session, command)
      if (ref !== null) connection.sendJson(JSON.stringify({ type: 'ack', ref, command: name, ...answer }))
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.kind === 'internal') ports.logger.error({ err: thrown }, 'command failed')
      const retryAfter = error instanceof AppError ? error.details.retryAfterS : undefined
      const problem = toProblem(error, session.language, currentTraceId())
      connection.sendJson(
        JSON.stringify({ ...problem, type: 'error', ref, ...(retryAfter ? { retry_after: retryAfter } : {}) }),
      )
    }
  }

  return (session, text) => runWithTrace(undefined, () => run(session, text))
}

const tooMany = (seconds: number) => commonErrors.RATE_LIMITED({ params: { seconds }, retryAfterS: seconds })

function parse(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw chatErrors.BAD_FRAME({ params: { reason: 'not JSON' } })
  }
  if (typeof value !== 'object' || value === null) throw chatErrors.BAD_FRAME({ params: { reason: 'not an object' } })
  return value
}

function refOf(command: object): string | number | null {
  const { ref } = command as { ref?: unknown }
  return typeof ref === 'string' || typeof ref === 'number' ? ref : null
}

function nameOf(command: object): Name {
  const { type } = command as { type?: unknown }
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type))
    throw chatErrors.BAD_FRAME({ params: { reason: `type must be one of ${Object.keys(schemas).join(', ')}` } })
  return type as Name
}
