import type { MessageRow } from '../../domain/message.ts'
import { toMessageRow } from '../mysql/rows.ts'
import type { Documents } from './schema.ts'

export type StoredMessage = Documents['messages']

export const toRow = ({ client_message_id, ...stored }: StoredMessage): MessageRow => ({
  ...toMessageRow({ ...stored, client_message_id: null }),
  client_message_id,
})
