/**
 * The raw limit of a relay that is durable as chat-service of the distributed profile is: no accounts, rights, events, deduplication, search,
 * other processes. What waits of a partition becomes one document of its log, by one insert; then a transaction brings it to the tables, with
 * the inserts that chat-service makes of a message; then it goes to the pair's other socket and is acknowledged. The next document is written
 * meanwhile. Tables and keys are those of chat-service.
 *
 *     node bench/raw/mysql-relay.ts FOLDER mysql://user:password@host:port
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openMysqlChat, type Chat } from '@bigtech/chat-service/adapters'
import { createPool, type PoolConnection } from 'mysql2/promise'
import { WebSocketServer, type WebSocket } from 'ws'

type Message = Readonly<{ from: WebSocket; to: WebSocket; ref: number; room: number; body: string; id: string }>
type Placed = Message & Readonly<{ seq: number }>
type Document = Readonly<{ n: number; at: number; messages: readonly Placed[] }>

const PARTITIONS = 10
/** As chat-service. */
const MOST_TOGETHER = 160
const CONNECTIONS = 20

const url = process.argv[3]!
const database = `bigtech_bench_${randomUUID().replaceAll('-', '')}`
// Its tables.
await (await openMysqlChat<Chat>({ url, database, connections: 1, partitions: PARTITIONS })).close()
const pool = createPool({ uri: url, database, connectionLimit: CONNECTIONS, charset: 'utf8mb4_bin' })
// Rows that are there lock nothing else.
const places = Array.from({ length: PARTITIONS }, (_, p) => [p, 0, 0])
await pool.query('INSERT INTO partition_positions (p, n, at) VALUES ?', [places])

const heads = new Map<number, number>()

function createPartition(p: number): (message: Message) => void {
  let waiting: Message[] = []
  let written: Document[] = []
  let isWriting = false
  let isApplying = false
  let n = 0

  async function write(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      const messages = waiting.splice(0, MOST_TOGETHER).map((message) => {
        const seq = (heads.get(message.room) ?? 0) + 1
        heads.set(message.room, seq)
        return { ...message, seq }
      })
      const document = { n: ++n, at: Date.now() * 1_000, messages }
      const entries = messages.map(({ room, seq, id, body }) => ({
        room,
        f: seq,
        key: id,
        body: rowOf(room, seq, body),
      }))
      await pool.query('INSERT INTO log (p, n, term, at, `by`, entries) VALUES (?, ?, 1, ?, ?, ?)', [
        p,
        document.n,
        document.at,
        'raw#1/0.1',
        JSON.stringify(entries),
      ])
      written.push(document)
      if (!isApplying) void applyAll()
    }
    isWriting = false
  }

  async function applyAll(): Promise<void> {
    isApplying = true
    while (written.length > 0) {
      const documents = written
      written = []
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      await apply(connection, p, documents)
      await connection.commit()
      connection.release()
      tell(documents)
    }
    isApplying = false
  }

  return (message) => {
    waiting.push(message)
    // What comes in the same turn goes into the same document.
    if (!isWriting && waiting.length === 1) queueMicrotask(() => void write())
  }
}

const rowOf = (room_id: number, seq: number, content: string) => ({
  kind: 'message',
  row: { room_id, seq, rev: seq, user_id: room_id, message_type: 'text', content, created_at: Date.now() },
})

async function apply(connection: PoolConnection, p: number, documents: readonly Document[]): Promise<void> {
  const last = documents.at(-1)!
  await connection.query('SELECT n, at FROM partition_positions WHERE p = ? FOR UPDATE', [p])
  const messages = documents.flatMap((document) =>
    document.messages.map((message) => ({ ...message, at: document.at })),
  )
  const rooms = [...new Map(messages.map((message) => [message.room, message])).values()]
  const ids = rooms.map(({ room }) => room)
  await connection.query('SELECT * FROM rooms WHERE id IN (?)', [ids])
  await connection.query('SELECT * FROM members WHERE room_id IN (?)', [ids])
  const now = Date.now()
  await connection.query(
    `INSERT INTO rooms (id, p, type, created_by, created_at, last_seq, rev, f, member_count, last_activity_at, log_at) VALUES ?
     ON DUPLICATE KEY UPDATE last_seq = VALUES(last_seq), rev = VALUES(rev), f = VALUES(f), last_activity_at = VALUES(last_activity_at), log_at = VALUES(log_at)`,
    [rooms.map(({ room, seq, at }) => [room, p, 'direct', room, now, seq, seq, seq, 2, now, at])],
  )
  await connection.query(
    `INSERT INTO members (room_id, user_id, role, join_seq, join_f, join_log_at, joined_at, read_seq, read_log_at, muted, hidden, settings_log_at) VALUES ?
     ON DUPLICATE KEY UPDATE read_seq = VALUES(read_seq), read_log_at = VALUES(read_log_at)`,
    [rooms.map(({ room, seq, at }) => [room, room, 'member', 0, 1, at, now, seq, at, 0, 0, at])],
  )
  await connection.query(
    `INSERT INTO messages (room_id, seq, rev, log_at, sent_log_at, user_id, message_type, content, client_message_id, created_at) VALUES ?`,
    [messages.map(({ room, seq, at, body, id }) => [room, seq, seq, at, at, room, 'text', body, Buffer.from(id), now])],
  )
  await connection.query('UPDATE partition_positions SET n = ?, at = ? WHERE p = ?', [last.n, last.at, p])
}

function tell(documents: readonly Document[]): void {
  for (const { from, to, ref, body } of documents.flatMap(({ messages }) => messages)) {
    to.send(body)
    from.send(`{"type":"ack","ref":${ref}}`)
  }
}

const partitions = Array.from({ length: PARTITIONS }, (_, p) => createPartition(p))
const sockets = new Map<string, WebSocket>()
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (socket, request: IncomingMessage) => {
  const [, pair = '', side = ''] = request.url!.split('/')
  const other = side === 'a' ? 'b' : 'a'
  sockets.set(pair + side, socket)
  socket.on('message', (bytes: Buffer) => {
    const body = bytes.toString()
    const asked = JSON.parse(body) as { ref: number; room_id: number; client_message_id: string }
    const { ref, room_id: room, client_message_id: id } = asked
    partitions[room % PARTITIONS]!({ from: socket, to: sockets.get(pair + other)!, ref, room, body, id })
  })
})
process.on('SIGTERM', () => {
  void pool
    .query(`DROP DATABASE ${database}`)
    .then(() => pool.end())
    .finally(() => process.exit())
})
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })))
