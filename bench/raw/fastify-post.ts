/**
 * The raw limit of `POST /messages/{room}`: a bare Fastify route with the product's schemas and the check of an EdDSA token whose
 * outcome is cached. Nothing is stored. The second argument says how many tokens to make.
 */
import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createSigner, createVerifier } from 'fast-jwt'
import fastify from 'fastify'
import { MessageSchema, RoomParams, SendBody, type SendBodyType } from '@bigtech/chat-service/contract'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const pem = (key: typeof privateKey, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }).toString()
const sign = createSigner({ key: pem(privateKey, 'pkcs8'), algorithm: 'EdDSA', iss: 'bench', expiresIn: 86_400_000 })
const verify = createVerifier({
  key: pem(publicKey, 'spki'),
  algorithms: ['EdDSA'],
  allowedIss: 'bench',
  cache: 10_000,
})
const tokens = Array.from({ length: Number(process.argv[3]) }, (_, i) => sign({ sub: `${i + 1}`, role: 'user' }))

let seq = 0
const app = fastify()
app.post(
  '/messages/:room_id',
  { schema: { params: RoomParams, body: SendBody, response: { 201: MessageSchema } } },
  (request, reply) => {
    const { sub } = verify(request.headers.authorization!.slice('Bearer '.length)) as { sub: string }
    const { room_id } = request.params as { room_id: number }
    const { content, message_type = 'text', client_message_id = null } = request.body as SendBodyType
    seq++
    void reply.code(201).send({
      id: `msg_${room_id}_${seq}`,
      room_id,
      user_id: Number(sub),
      content,
      message_type,
      seq,
      rev: seq,
      created_at: new Date().toISOString(),
      edited_at: null,
      is_deleted: false,
      reply_to: null,
      reactions: [],
      unread_count: 1,
      client_message_id,
      file: null,
      system: null,
      pinned_at: null,
      pinned_by: null,
    })
  },
)
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo
console.log(JSON.stringify({ port, tokens }))
