import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Broker } from './broker.ts'

type Scope = { after(close: () => unknown): void }

/** What every broker promises (broker.ts). @param open two nodes that share what carries the frames; in one process they are one */
export function brokerContract(name: string, open: (t: Scope) => Promise<readonly [Broker, Broker]>): void {
  const listen = async (broker: Broker, channel: string) => {
    const frames: string[] = []
    const { effective, stop } = broker.subscribe(channel, (frame) => void frames.push(frame))
    await effective
    return { frames, stop }
  }

  suite(`broker: ${name}`, () => {
    test('brings the frames of a channel to every node that listens, in the order of their publisher', async (t) => {
      const [here, there] = await open(t)
      const listeners = await Promise.all([listen(here, 'room:1'), listen(there, 'room:1'), listen(there, 'room:1')])
      const other = await listen(there, 'room:11')
      const expected = Array.from({ length: 500 }, (_, n) => `frame ${n}`)
      for (const frame of expected) here.publish('room:1', frame)
      await eventually(() => {
        for (const { frames } of listeners) assert.deepEqual(frames, expected)
      })
      there.publish('room:11', 'the last')
      await eventually(() => assert.deepEqual(other.frames, ['the last']))
    })

    test('once a subscription is effective, no frame that is published then is missed', async (t) => {
      const [here, there] = await open(t)
      for (let n = 0; n < 200; n++) {
        const { frames, stop } = await listen(there, `room:${n}`)
        here.publish(`room:${n}`, 'at once')
        await eventually(() => assert.deepEqual(frames, ['at once']))
        stop()
      }
    })

    test('leaves the text of a frame alone, whatever is in it and however long it is', async (t) => {
      const [here, there] = await open(t)
      const { frames } = await listen(there, 'user:1')
      const texts = ['', 'a\nb\r\n\0', '안녕 👩‍👩‍👧‍👦 "\\', '가'.repeat(200_000)]
      for (const text of texts) here.publish('user:1', text)
      await eventually(() => assert.deepEqual(frames, texts))
    })

    test('a stopped subscription hears nothing more, and the others of its channel still do', async (t) => {
      const [here, there] = await open(t)
      const [stays, leaves] = [await listen(there, 'room:1'), await listen(there, 'room:1')]
      here.publish('room:1', '1')
      await eventually(() => assert.deepEqual([stays.frames, leaves.frames], [['1'], ['1']]))
      leaves.stop()
      leaves.stop()
      here.publish('room:1', '2')
      await eventually(() => assert.deepEqual(stays.frames, ['1', '2']))
      assert.deepEqual(leaves.frames, ['1'])
    })

    test('a channel that was left can be listened to again at once', async (t) => {
      const [here, there] = await open(t)
      for (let n = 0; n < 50; n++) {
        const before = await listen(there, 'room:1')
        before.stop()
        const after = await listen(there, 'room:1')
        here.publish('room:1', `${n}`)
        await eventually(() => assert.deepEqual(after.frames, [`${n}`]))
        assert.deepEqual(before.frames, [])
        after.stop()
      }
    })

    test('a listener may stop others while a frame is delivered, and later ones still get it', async (t) => {
      const [here, there] = await open(t)
      const got: string[] = []
      const stops: (() => void)[] = []
      for (const who of ['a', 'b', 'c']) {
        const { effective, stop } = there.subscribe('x', (frame) => {
          got.push(`${who}:${frame}`)
          if (who === 'a') stops[1]!()
        })
        stops.push(stop)
        await effective
      }
      here.publish('x', '1')
      await eventually(() => assert.deepEqual(got, ['a:1', 'c:1']))
    })

    test('a publish to a channel that nobody listens to does nothing', async (t) => {
      const [here] = await open(t)
      here.publish('nobody', '1')
    })
  })
}
