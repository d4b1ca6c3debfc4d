import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  ALL_FORMATS,
  BufferSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny'
import { recording } from './recordings.fixture.ts'

/**
 * The smallest packet of a recording, again and again, in a container that gives each of them `saidSeconds`: sound of any length whose header says what one
 * likes.
 */
export async function bomb(from: string, packets: number, saidSeconds: number): Promise<Uint8Array> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(recording(from)) })
  const track = (await input.getPrimaryAudioTrack())!
  let smallest: EncodedPacket | undefined
  for await (const packet of new EncodedPacketSink(track).packets())
    if (!smallest || packet.data.length < smallest.data.length) smallest = packet
  const codec = (await track.getCodec())!
  const format = codec === 'opus' ? new WebMOutputFormat() : new Mp4OutputFormat()
  const output = new Output({ format, target: new BufferTarget() })
  const source = new EncodedAudioPacketSource(codec)
  output.addAudioTrack(source)
  await output.start()
  const decoderConfig = (await track.getDecoderConfig())!
  for (let i = 0; i < packets; i++)
    await source.add(new EncodedPacket(smallest!.data, 'key', i * saidSeconds, saidSeconds), { decoderConfig })
  await output.finalize()
  return new Uint8Array(output.target.buffer!)
}

/** A WAV file of silence, 8 kHz and 16 bits, whose header says another number of bytes. */
export function wavThatSays(dataBytes: number, really: number): Buffer {
  const file = Buffer.alloc(44 + really)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(Math.min(dataBytes + 36, 0xff_ff_ff_ff), 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(8_000, 24)
  file.writeUInt32LE(16_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(dataBytes, 40)
  return file
}
