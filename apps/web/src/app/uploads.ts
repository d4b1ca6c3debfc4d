import { uuid, type MessageType } from '@bigtech/client'
import { computed, watch } from 'vue'
import { albumIds, LARGEST_ALBUM } from '../lib/albums.ts'
import { t } from '../i18n/index.ts'
import { sizeText } from '../lib/time.ts'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { toast } from './feedback.ts'
import { session } from './session.ts'

/** Files become messages like any other; the sender of the SDK uploads each when its turn has come. */
export type Sending = {
  /** Default: by the file. */
  type?: MessageType
  /** The first of them answers this message. */
  replyTo?: string | null
  /** Stands below the last of them. */
  caption?: string
}

let maxBytes: number | undefined

// Learnt beforehand: without a network files are taken in all the same, and the server says what is too large for it.
watch(
  () => session.status === 'in' && maxBytes === undefined,
  async (unknown) => {
    if (unknown)
      maxBytes = await client.about().then(
        ({ max_file_bytes }) => max_file_bytes,
        () => undefined,
      )
  },
  { immediate: true },
)

/** Files of a room on their way, those that were refused apart. */
export const uploadsOf = (roomId: number) =>
  computed(() => (chat.room(roomId)?.outgoing ?? []).filter((one) => one.upload && one.status !== 'failed'))

export const isPicture = (file: Blob): boolean => /^image\/(png|jpeg|gif|webp)$/.test(file.type)

/** Those that can be sent; why the others cannot is told. */
export async function sendable(files: Iterable<File>): Promise<File[]> {
  const fit: File[] = []
  for (const file of files) {
    const { name } = file
    if (!(await isReadable(file))) toast('error', t('upload.unreadable', { name }))
    else if (file.size === 0) toast('error', t('upload.empty', { name }))
    else if (maxBytes !== undefined && file.size > maxBytes)
      toast('error', t('upload.tooLarge', { name, limit: sizeText(maxBytes) }))
    else fit.push(file)
  }
  return fit
}

/** A folder is a file that cannot be read. */
const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

/** Pictures next to each other become an album. */
function idsOf(files: readonly File[]): string[] {
  const ids: string[] = []
  while (ids.length < files.length) {
    const rest = files.slice(ids.length)
    const other = rest.findIndex((file) => !isPicture(file))
    const pictures = Math.min(other < 0 ? rest.length : other, LARGEST_ALBUM)
    ids.push(...(pictures > 1 ? albumIds(pictures) : [uuid()]))
  }
  return ids
}

export async function sendFiles(roomId: number, files: Iterable<File>, sending: Sending = {}): Promise<void> {
  const fit = await sendable(files)
  const ids = idsOf(fit)
  for (const [index, file] of fit.entries())
    chat.sync.send(roomId, {
      client_message_id: ids[index]!,
      message_type: sending.type ?? (isPicture(file) ? 'image' : 'file'),
      upload: { blob: file, name: file.name },
      reply_to: index === 0 ? (sending.replyTo ?? null) : null,
      content: index === fit.length - 1 ? (sending.caption ?? '') : '',
    })
}
