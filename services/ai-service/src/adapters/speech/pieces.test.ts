import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SAMPLE_RATE } from '@bigtech/audio'
import { spokenPieces } from './pieces.ts'
import { voice } from './voice.fixture.ts'

const silence = (seconds: number) => new Float32Array(seconds * SAMPLE_RATE)

test('what is short is one piece', () => {
  const samples = voice(4)
  assert.deepEqual(spokenPieces(samples, 28), [{ samples, endsAt: samples.length }])
})

test('of what is long nothing is lost, and each piece says where it ends', () => {
  const samples = voice(60)
  const pieces = spokenPieces(samples, 28)
  assert.ok(pieces.length >= 3)
  let endsAt = 0
  for (const piece of pieces) assert.equal(piece.endsAt, (endsAt += piece.samples.length))
  assert.equal(endsAt, samples.length)
})

test('a piece in which nobody speaks is left out', () => {
  const samples = new Float32Array([...voice(10), ...silence(70), ...voice(10)])
  const pieces = spokenPieces(samples, 28)
  assert.equal(pieces.at(-1)!.endsAt, samples.length)
  assert.ok(pieces.reduce((sum, piece) => sum + piece.samples.length, 0) <= 60 * SAMPLE_RATE)
})

test('silence and nothing have no pieces', () => {
  for (const samples of [silence(0), silence(40)]) assert.deepEqual(spokenPieces(samples, 28), [])
})
