import { uuid, type MessageType } from '@bigtech/client'
import { computed, shallowReactive, shallowRef } from 'vue'
import { t } from '../i18n/index.ts'
import { sizeText } from '../lib/time.ts'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { errorText } from './errors.ts'
import { toast } from './feedback.ts'

/** A file on its way to a room: uploaded first, then sent as a message like any other. */
export type Upload = {
  readonly id: string
  readonly room_id: number
  readonly file: File
  readonly type: MessageType
  readonly created_at: number
  /** Of pictures: what is shown meanwhile. */
  readonly preview: string | undefined
  /** 0 … 1 */
  progress: number
  problem: string | undefined
  abort: AbortController
}

const uploads = shallowReactive<Upload[]>([])
const maxBytes = shallowRef<number>()
let asked: Promise<unknown> | undefined

export const uploadsOf = (roomId: number) => computed(() => uploads.filter((one) => one.room_id === roomId))

const typeOf = (file: File): MessageType => (/^image\/(png|jpeg|gif|webp)$/.test(file.type) ? 'image' : 'file')

export async function sendFiles(roomId: number, files: Iterable<File>, type?: MessageType): Promise<void> {
  asked ??= client.about().then(
    ({ max_file_bytes }) => (maxBytes.value = max_file_bytes),
    () => (asked = undefined),
  )
  await asked
  for (const file of files) {
    if (file.size === 0) toast('error', t('upload.empty', { name: file.name }))
    else if (maxBytes.value !== undefined && file.size > maxBytes.value)
      toast('error', t('upload.tooLarge', { name: file.name, limit: sizeText(maxBytes.value) }))
    else start(roomId, file, type ?? typeOf(file))
  }
}

function start(room_id: number, file: File, type: MessageType): void {
  const upload: Upload = shallowReactive({
    id: uuid(),
    room_id,
    file,
    type,
    created_at: Date.now(),
    preview: type === 'image' ? URL.createObjectURL(file) : undefined,
    progress: 0,
    problem: undefined,
    abort: new AbortController(),
  })
  uploads.push(upload)
  void run(upload)
}

async function run(upload: Upload): Promise<void> {
  upload.problem = undefined
  upload.progress = 0
  upload.abort = new AbortController()
  try {
    const { id } = await client.files.upload(upload.file, {
      signal: upload.abort.signal,
      onProgress: (sent, total) => (upload.progress = total > 0 ? sent / total : 0),
    })
    chat.sync.send(upload.room_id, { message_type: upload.type, file_id: id })
    remove(upload)
  } catch (error) {
    if (!upload.abort.signal.aborted) upload.problem = errorText(error)
  }
}

export const retryUpload = (upload: Upload): void => void run(upload)

export function cancelUpload(upload: Upload): void {
  upload.abort.abort()
  remove(upload)
}

function remove(upload: Upload): void {
  const index = uploads.indexOf(upload)
  if (index >= 0) uploads.splice(index, 1)
  if (upload.preview) URL.revokeObjectURL(upload.preview)
}
