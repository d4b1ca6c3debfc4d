/**
 * The raw limit of a durable relay: no accounts, rights, events or deduplication. What a socket of a pair sends goes to the pair's
 * other socket and is acknowledged, both after a commit that survives power loss. The database has a thread of its own;
 * everything that waits when it is free makes the next commit. Rows are kept in the order of their room, as whoever reads a
 * history needs them; with `append` as the second argument just one after the other.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isMainThread, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import { WebSocketServer, type WebSocket } from 'ws'

/** Messages back to back, and of each its room and length. Moved to the thread, not copied. */
type Batch = { bytes: Uint8Array<ArrayBuffer>; rows: Int32Array<ArrayBuffer> }

const TABLES = {
  log: '(room INTEGER, seq INTEGER, body BLOB NOT NULL, PRIMARY KEY (room, seq)) WITHOUT ROWID',
  append: '(id INTEGER PRIMARY KEY, room INTEGER, seq INTEGER, body BLOB NOT NULL)',
}

function store({ path, table }: { path: string; table: keyof typeof TABLES }): void {
  const db = new DatabaseSync(path)
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 10000;
    PRAGMA cache_size = -65536;
    CREATE TABLE messages ${TABLES[table]}
  `)
  const insert = db.prepare('INSERT INTO messages (room, seq, body) VALUES (?, ?, ?)')
  const heads = new Map<number, number>()
  parentPort!.on('message', (first: Batch) => {
    let next: Batch | undefined = first
    let batches = 0
    db.exec('BEGIN IMMEDIATE')
    for (; next; batches++) {
      const { bytes, rows } = next
      for (let i = 0, at = 0; i < rows.length; i += 2) {
        const room = rows[i]!
        const seq = (heads.get(room) ?? 0) + 1
        heads.set(room, seq)
        insert.run(room, seq, bytes.subarray(at, (at += rows[i + 1]!)))
      }
      next = receiveMessageOnPort(parentPort!)?.message as Batch | undefined
    }
    db.exec('COMMIT')
    parentPort!.postMessage(batches)
  })
}

function relay(folder: string, table = 'log'): void {
  const worker = new Worker(import.meta.filename, { workerData: { path: join(folder, 'messages.db'), table } })
  const sockets = new Map<string, WebSocket>()
  let batch: { from: WebSocket; to: WebSocket; ref: number; room: number; body: Buffer }[] = []
  const committing: (typeof batch)[] = []
  const post = () => {
    const bytes = new Uint8Array(batch.reduce((sum, { body }) => sum + body.length, 0))
    const rows = new Int32Array(batch.length * 2)
    let at = 0
    for (const [i, { room, body }] of batch.entries()) {
      bytes.set(body, at)
      at += body.length
      rows[i * 2] = room
      rows[i * 2 + 1] = body.length
    }
    worker.postMessage({ bytes, rows } satisfies Batch, [bytes.buffer, rows.buffer])
    committing.push(batch)
    batch = []
  }
  worker.on('message', (batches: number) => {
    const touched = new Set<WebSocket>()
    for (const { from, to, ref, body } of committing.splice(0, batches).flat()) {
      for (const socket of [from, to]) if (!touched.has(socket)) innerOf(socket).cork()
      touched.add(from).add(to)
      to.send(body, { binary: false })
      from.send(`{"type":"ack","ref":${ref}}`)
    }
    for (const socket of touched) innerOf(socket).uncork()
  })

  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on('connection', (socket, request: IncomingMessage) => {
    const [, pair = '', side = ''] = request.url!.split('/')
    const other = side === 'a' ? 'b' : 'a'
    sockets.set(pair + side, socket)
    socket.on('message', (body: Buffer) => {
      const { ref, room_id } = JSON.parse(body.toString()) as { ref: number; room_id: number }
      const message = { from: socket, to: sockets.get(pair + other)!, ref, room: room_id, body }
      if (batch.push(message) === 1) setImmediate(post)
    })
  })
  http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })))
}

/** `ws` keeps its socket to itself; without corking each frame would be a system call of its own. */
const innerOf = (socket: WebSocket): { cork(): void; uncork(): void } =>
  (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket

if (isMainThread) relay(process.argv[2]!, process.argv[3])
else store(workerData as Parameters<typeof store>[0])
