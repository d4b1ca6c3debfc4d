import { uuid, type Message } from '@bigtech/client'

/**
 * Pictures sent together are messages of their own, one after the other; that they belong together stands in the ids their author's
 * client chose for them: `album:<uuid>:<number>`. A client that does not know of it shows them one below the other.
 */
const ID = /^(album:[0-9a-f-]{36}):\d{1,3}$/

/** More pictures make another album: all of one should fit on a screen. */
export const LARGEST_ALBUM = 20

export const albumIds = (count: number): string[] => {
  const album = `album:${uuid()}`
  return Array.from({ length: count }, (_, index) => `${album}:${index + 1}`)
}

/** Whether the message of this id is part of one. */
export const isInAlbum = (clientMessageId: string): boolean => ID.test(clientMessageId)

/** The album a message belongs to, if any. */
export const albumOf = ({ client_message_id, message_type }: Message): string | undefined =>
  message_type === 'image' ? ID.exec(client_message_id ?? '')?.[1] : undefined
