/** Samples a second of speech as recognisers take it. */
export const SAMPLE_RATE = 16_000

/** What one recording may cost. Each is checked while the work goes on, whatever the recording says of itself. */
export type AudioLimits = Readonly<{
  /** Of the file as it came. */
  maxBytes: number
  /** Of sound. */
  maxSeconds: number
  /** From the start of the child to its answer, in milliseconds. */
  timeoutMs: number
  /**
   * Of the child, MiB that it really holds. Seen every 20 ms where the system has `/proc` (Linux); elsewhere only what JavaScript holds is
   * limited, not what the native decoder does.
   */
  maxMemoryMb: number
}>

/** Ten minutes of 48 kHz stereo FLAC, the largest that is allowed, are decoded within this; the README has the figures. */
export const DEFAULT_LIMITS: AudioLimits = {
  maxBytes: 10 * 1024 * 1024,
  maxSeconds: 600,
  timeoutMs: 60_000,
  maxMemoryMb: 1_024,
}
