import type { EncodedPacket, InputAudioTrack } from 'mediabunny'
import { AudioError, tooLong } from '../errors.ts'
import { type AudioType, sniffAudio } from '../sniff.ts'
import type { AudioProbe } from './messages.ts'

export type Recording = Readonly<{
  type: AudioType
  codec: string
  channels: number
  probe(): Promise<AudioProbe>
  /** In the order of time, with their data. */
  packets(): AsyncGenerator<EncodedPacket, void, unknown>
  /**
   * Walks over all packets, without decoding or copying any, and stops at the first that is too late: what the header says does not count.
   * @throws AudioError too_long
   */
  refuseLongerThan(maxSeconds: number): Promise<void>
}>

/**
 * Samples that a packet always holds, however long its container says that it lasts. The others (Vorbis, FLAC, PCM) have no fixed number, and
 * their lengths are read from the packets themselves.
 */
function samplesOfPacket(codec: string, sampleRate: number): number {
  if (codec === 'aac') return 1_024
  if (codec === 'mp3') return sampleRate >= 32_000 ? 1_152 : 576
  return 0
}

/** @throws AudioError unknown_format, unsupported */
export async function openRecording(bytes: Uint8Array): Promise<Recording> {
  const type = sniffAudio(bytes)
  if (type === null) throw new AudioError('unknown_format', 'a recording was expected')
  const { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } = await import('mediabunny')
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) })
  const track = await input.getPrimaryAudioTrack()
  if (track === null) throw new AudioError('unsupported', 'a file with sound was expected; this one has none')
  const codec = await codecOf(track)
  const sampleRate = await track.getSampleRate()
  const channels = await track.getNumberOfChannels()
  const sink = new EncodedPacketSink(track)
  const headers = () => sink.packets(undefined, undefined, { metadataOnly: true })

  return {
    type,
    codec,
    channels,
    packets: () => sink.packets(),
    async probe() {
      const told = await track.getDurationFromMetadata()
      let seconds = told ?? 0
      if (told === null) for await (const packet of headers()) seconds = Math.max(seconds, endOf(packet))
      return { container: type.container, codec, seconds, sampleRate, channels }
    },
    async refuseLongerThan(maxSeconds) {
      const perPacket = samplesOfPacket(codec, sampleRate) / sampleRate
      let least = 0
      for await (const packet of headers()) {
        least += perPacket
        if (Math.max(least, endOf(packet)) > maxSeconds + SLACK_S) throw tooLong(maxSeconds)
      }
    },
  }
}

/** Encoders begin and end with some padding: a recording of exactly the limit is let in. */
const SLACK_S = 0.2

const endOf = (packet: EncodedPacket): number => packet.timestamp + packet.duration

/** ALAC is none of the codecs mediabunny names, but it reads its packets. */
async function codecOf(track: InputAudioTrack): Promise<string> {
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId())
  return typeof codec === 'string' ? codec : 'unknown'
}
