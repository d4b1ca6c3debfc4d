import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { RECORDINGS, recording } from './recordings.fixture.ts'
import { sniffAudio } from './sniff.ts'

test('every recording is known by its first 4 KiB', () => {
  for (const { name, container } of RECORDINGS)
    assert.equal(sniffAudio(recording(name).subarray(0, 4_096))?.container, container, name)
  assert.deepEqual(sniffAudio(recording('tone.m4a')), { container: 'mp4', mime: 'audio/mp4', ext: 'm4a' })
  assert.deepEqual(sniffAudio(recording('tone.3gp')), { container: 'mp4', mime: 'audio/3gpp', ext: '3gp' })
})

test('an MP3 is known without its ID3 tag, with padding behind it, and behind a picture', () => {
  const tagged = recording('tone.mp3')
  assert.equal(tagged.toString('latin1', 0, 3), 'ID3')
  const end = 10 + tagged[9]! + tagged[8]! * 128
  assert.equal(sniffAudio(tagged.subarray(end))?.container, 'mp3')
  const padded = Buffer.concat([tagged.subarray(0, end), Buffer.alloc(300), tagged.subarray(end)])
  assert.equal(sniffAudio(padded)?.container, 'mp3')
  const picture = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 1, 0, 0, ...Buffer.alloc(4_086, 7)])
  assert.equal(sniffAudio(picture)?.container, 'mp3')
})

test('what is no recording is none, whatever it begins like', () => {
  const none: Record<string, Uint8Array> = {
    nothing: Buffer.alloc(0),
    text: Buffer.from('안녕하세요, this is text'),
    zeroes: Buffer.alloc(4_096),
    ones: Buffer.alloc(4_096, 0xff),
    'a picture in an ISO file': Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'),
    'AVI, which is RIFF too': Buffer.from('RIFF\0\0\0\0AVI LIST', 'latin1'),
    'Theora in Ogg': Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from('\x01*\x80theora', 'latin1')]),
    'AAC without a container': Buffer.from([0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc]),
    'ID3 before text': Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), Buffer.alloc(100, 0x41)]),
    'one frame of MP3 and no second': Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0]), Buffer.alloc(4_000, 1)]),
  }
  for (const [what, bytes] of Object.entries(none)) assert.equal(sniffAudio(bytes), null, what)
})

test('random bytes are no recording, and never an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void sniffAudio(bytes)))
})
