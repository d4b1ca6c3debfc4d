/** The place in its room that a message id names (`msg_{room}_{seq}`); undefined of anything else. */
export function seqOf(messageId: string): number | undefined {
  const seq = /^msg_\d+_(\d+)$/.exec(messageId)?.[1]
  return seq === undefined ? undefined : Number(seq)
}
