import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { createSseParser } from './sse-parser.ts'

const stream =
  'retry: 2000\n\nid: a.1\ndata: {"x":"안녕"}\n\n: a comment\ndata:one\ndata: two\r\n\r\nevent: x\n\ndata: last\n\n'

it('reads the same events however the text is cut', () => {
  const events = [
    { id: 'a.1', data: '{"x":"안녕"}' },
    { id: undefined, data: 'one\ntwo' },
    { id: undefined, data: 'last' },
  ]
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
      const parse = createSseParser()
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
      const pieces = places.slice(1).map((end, i) => stream.slice(places[i], end))
      assert.deepEqual(pieces.flatMap(parse), events)
    }),
  )
})
