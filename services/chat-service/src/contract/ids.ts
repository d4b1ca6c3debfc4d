/** A message's id follows from its place: unique for ever, and the way to its row without another index. */
export const messageId = (roomId: number, seq: number): string => `msg_${roomId}_${seq}`

/** @returns the place, or undefined for anything that is not a message id */
export function parseMessageId(id: string): { room_id: number; seq: number } | undefined {
  const match = /^msg_([1-9]\d{0,14})_([1-9]\d{0,14})$/.exec(id)
  return match ? { room_id: Number(match[1]), seq: Number(match[2]) } : undefined
}
