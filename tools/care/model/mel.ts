/** Of a Fourier transform of 400 samples at 16 kHz: one each 40 Hz up to 8 kHz. */
export const MEL_BINS = 201
const HZ_PER_BIN = 40
const HIGHEST_HZ = 8_000

// Slaney's scale: straight up to 1 kHz, a logarithm above.
const LINEAR_MELS = 15
const LOG_STEP = Math.log(6.4) / 27
const melOf = (hz: number) => (hz < 1_000 ? (hz * 3) / 200 : LINEAR_MELS + Math.log(hz / 1_000) / LOG_STEP)
const hzOf = (mel: number) => (mel < LINEAR_MELS ? (mel * 200) / 3 : 1_000 * Math.exp((mel - LINEAR_MELS) * LOG_STEP))

/** The filter bank that Whisper was trained with (`librosa.filters.mel`, Slaney's norm): a row of bins for each filter. */
export function melFilters(filters: number): Float32Array {
  const edges = Array.from({ length: filters + 2 }, (_, i) => hzOf((melOf(HIGHEST_HZ) * i) / (filters + 1)))
  const bank = new Float32Array(filters * MEL_BINS)
  for (let filter = 0; filter < filters; filter++) {
    const [from, middle, to] = [edges[filter]!, edges[filter + 1]!, edges[filter + 2]!]
    for (let bin = 0; bin < MEL_BINS; bin++) {
      const hz = bin * HZ_PER_BIN
      const height = Math.max(0, Math.min((hz - from) / (middle - from), (to - hz) / (to - middle)))
      bank[filter * MEL_BINS + bin] = (height * 2) / (to - from)
    }
  }
  return bank
}
