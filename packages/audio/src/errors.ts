/**
 * Why there is no sound: `empty` and `too_big` by the size of the file, `unknown_format` by its first bytes, `unsupported` by what is inside it (or by
 * this machine, that has no decoder), `corrupt` by the decoder, `too_long` by its packets or its samples; `too_much_memory`, `timeout` and `died` (the child
 * ended by itself) by how the decoding went, `cancelled` by the caller.
 */
export type AudioErrorKind =
  | 'empty'
  | 'unknown_format'
  | 'corrupt'
  | 'too_big'
  | 'too_long'
  | 'too_much_memory'
  | 'timeout'
  | 'died'
  | 'cancelled'
  | 'unsupported'

export class AudioError extends Error {
  override readonly name = 'AudioError'
  readonly kind: AudioErrorKind
  /** @param message what was expected, for the log: holds nothing of what was said */
  constructor(kind: AudioErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export const tooLong = (maxSeconds: number) =>
  new AudioError('too_long', `a recording of at most ${maxSeconds} s was expected`)
