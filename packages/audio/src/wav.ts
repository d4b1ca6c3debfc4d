import { SAMPLE_RATE } from './limits.ts'

const HEADER = 44

/** A WAV file of 16-bit PCM, 16 kHz, one channel. What is beyond -1 or 1 is cut off. */
export function writeWav(samples: Float32Array): Uint8Array {
  const file = Buffer.alloc(HEADER + samples.length * 2)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16) // bytes of this chunk
  file.writeUInt16LE(1, 20) // PCM
  file.writeUInt16LE(1, 22) // channels
  file.writeUInt32LE(SAMPLE_RATE, 24)
  file.writeUInt32LE(SAMPLE_RATE * 2, 28) // bytes a second
  file.writeUInt16LE(2, 32) // bytes a sample
  file.writeUInt16LE(16, 34) // bits a sample
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length * 2, 40)
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!
    const level = Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample))
    file.writeInt16LE(Math.round(level * 32_767), HEADER + i * 2)
  }
  return file
}
