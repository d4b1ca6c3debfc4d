export type AudioType = Readonly<{
  container: 'wav' | 'mp3' | 'mp4' | 'flac' | 'ogg' | 'webm'
  mime: string
  /** Without the dot. */
  ext: string
}>

/** Brands of ISO files that may hold sound. Pictures (heic, avif) are such files too. */
const MP4_BRANDS = /^(M4A |M4B |M4V |mp4[0-9a-z]|isom|iso[2-9]|avc1|dash|cmf[a-z]|MSNV|f4v |qt {2})$/
const THREE_GP_BRANDS = /^3g[0-9a-z]{2}$/

/**
 * What a recording really is, whatever its name or its sender say; null when it is none that can be decoded. Only the beginning is looked at, so
 * that the answer is no promise that the rest is whole.
 * @param bytes the whole file, or its first 4 KiB or more
 */
export function sniffAudio(bytes: Uint8Array): AudioType | null {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1')
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return { container: 'wav', mime: 'audio/wav', ext: 'wav' }
  if (text(0, 4) === 'fLaC') return { container: 'flac', mime: 'audio/flac', ext: 'flac' }
  if (text(4, 8) === 'ftyp') return isoType(text(8, 12))
  if (text(0, 4) === 'OggS') return oggType(bytes, text)
  if (text(0, 4) === '\x1A\x45\xDF\xA3')
    return /webm|matroska/.test(text(4, 64)) ? { container: 'webm', mime: 'audio/webm', ext: 'webm' } : null
  return isMp3(bytes) ? { container: 'mp3', mime: 'audio/mpeg', ext: 'mp3' } : null
}

function isoType(brand: string): AudioType | null {
  if (THREE_GP_BRANDS.test(brand)) return { container: 'mp4', mime: 'audio/3gpp', ext: '3gp' }
  if (!MP4_BRANDS.test(brand)) return null
  return { container: 'mp4', mime: 'audio/mp4', ext: brand.startsWith('M4A') ? 'm4a' : 'mp4' }
}

/** The first packet of the first page names the codec. */
function oggType(bytes: Uint8Array, text: (from: number, to: number) => string): AudioType | null {
  const start = 27 + (bytes[26] ?? 0)
  const isAudio = text(start, start + 8) === 'OpusHead' || text(start, start + 7) === '\x01vorbis'
  return isAudio ? { container: 'ogg', mime: 'audio/ogg', ext: 'ogg' } : null
}

/** kbit/s of layer III by the index in the header, of MPEG-1 and of MPEG-2 and 2.5. */
const MP3_RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const MP3_RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const MP3_HZ = [44_100, 48_000, 32_000]

/** MP3 has no magic number: a frame that another follows, where the ID3 tag ends if there is one. */
function isMp3(bytes: Uint8Array): boolean {
  const at = (i: number) => bytes[i] ?? 0
  const tagged = at(0) === 0x49 && at(1) === 0x44 && at(2) === 0x33
  const size = ((at(6) & 127) << 21) | ((at(7) & 127) << 14) | ((at(8) & 127) << 7) | (at(9) & 127)
  const start = tagged ? 10 + size : 0
  // A tag with a picture may be longer than what was given to look at.
  if (tagged && start >= bytes.length) return bytes.length > 10
  // Some writers pad the tag with zeroes beyond its size.
  const padded = tagged ? bytes.subarray(start, start + 4_096).findIndex((byte) => byte !== 0) : 0
  if (padded < 0) return false
  const first = start + padded
  const length = mp3FrameLength(bytes, first)
  if (length === 0) return false
  return first + length + 4 > bytes.length || mp3FrameLength(bytes, first + length) > 0
}

/** Bytes of the layer III frame that begins there; 0 when none does. */
function mp3FrameLength(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
  const version = (b >> 3) & 3 // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  if (a !== 0xff || b >> 5 !== 7 || version === 1 || ((b >> 1) & 3) !== 1) return 0
  const rate = (version === 3 ? MP3_RATES_1 : MP3_RATES_2)[c >> 4]
  const hz = MP3_HZ[(c >> 2) & 3]
  if (!rate || hz === undefined) return 0
  const divider = version === 3 ? 1 : version === 2 ? 2 : 4
  return Math.floor(((version === 3 ? 144_000 : 72_000) * rate) / (hz / divider)) + ((c >> 1) & 1)
}
