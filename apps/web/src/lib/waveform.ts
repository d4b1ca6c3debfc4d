/** How loud a recording is, in `bars` parts of equal length, each 0 … 1 of the loudest; and how long it is. */
export async function waveformOf(bytes: ArrayBuffer, bars: number): Promise<{ peaks: number[]; seconds: number }> {
  const context = new OfflineAudioContext(1, 1, 8_000)
  const audio = await context.decodeAudioData(bytes)
  const samples = audio.getChannelData(0)
  const size = Math.max(1, Math.floor(samples.length / bars))
  const peaks = Array.from({ length: bars }, (_, bar) => {
    let peak = 0
    for (let i = bar * size; i < Math.min((bar + 1) * size, samples.length); i++)
      peak = Math.max(peak, Math.abs(samples[i]!))
    return peak
  })
  const loudest = Math.max(...peaks, 0.01)
  return { peaks: peaks.map((peak) => peak / loudest), seconds: audio.duration }
}
