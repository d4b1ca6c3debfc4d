import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Context } from './context.ts'
import type { Command } from './document.ts'
import type { Owner } from './owner.ts'
import type { Ownership } from './ownership.ts'
import type { Outcome } from './ports.ts'
import { Busy, Router, Uncertain } from './router.ts'
import { DEFAULTS } from './settings.ts'

type Numbers = { body: never; command: number; answer: number; state: never }
/** What becomes of a request: how long it is on its way, and whether it is carried out, answered, and by whom. */
type Fate = Readonly<{ there: number; back: number; is: 'done' | 'lost' | 'refused' | 'busy' | 'unanswered' | 'here' }>

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A partition that another process owns, or for some requests this one. */
function open(fates: readonly Fate[]) {
  const carriedOut: number[] = []
  const done = new Set<string>()
  let requests = 0
  let next: Fate | undefined
  const carryOut = (commands: readonly Command<Numbers>[]): Outcome<Numbers>[] =>
    commands.map(({ key, body }) => {
      if (!done.has(key)) carriedOut.push(body)
      done.add(key)
      return { answer: body }
    })
  const answer = async (commands: readonly Command<Numbers>[], { there, back, is }: Fate) => {
    await sleep(there)
    if (is === 'refused') return commands.map(() => ({ refused: 'not_owner' }) as const)
    if (is === 'busy') return commands.map(() => ({ refused: 'busy' }) as const)
    if (is === 'lost') throw new Error('lost')
    const outcomes = carryOut(commands)
    await sleep(back)
    if (is === 'unanswered') throw new Error('the answer was lost')
    return outcomes
  }
  const look = () => (next ??= fates[requests++] ?? { there: 0, back: 0, is: 'done' })
  const take = () => {
    const fate = look()
    next = undefined
    return fate
  }
  // One's own takes them in the turn in which they are sent.
  const owner = {
    async submit(commands: readonly Command<Numbers>[]) {
      const { back } = take()
      const outcomes = carryOut(commands)
      await sleep(back)
      return outcomes
    },
  } as unknown as Owner<Numbers>
  const ownership = {
    owner: () => (look().is === 'here' ? owner : undefined),
    leaseOf: () => ({ holder: 'b#1', term: 1 }),
    look: async () => undefined,
  } as unknown as Ownership<Numbers>
  const context = {
    node: 'a#1',
    settings: { ...DEFAULTS, retryMs: 2, deadlineMs: 2_000 },
    ports: {
      network: {
        request: (_n: string, _p: number, _t: number, commands: readonly Command<Numbers>[]) =>
          answer(commands, take()),
      },
      runtime: { monotonic: () => performance.now(), sleep, random: () => Math.random() },
    },
  } as unknown as Context<Numbers>
  return { router: new Router(context, ownership), carriedOut }
}

const fate = fc.record<Fate>({
  there: fc.nat(4),
  back: fc.nat(4),
  is: fc.constantFrom('done', 'done', 'done', 'lost', 'refused', 'unanswered', 'here', 'here'),
})

suite('commands on their way to an owner', () => {
  test('are carried out in the order of their submission, whatever becomes of the requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 12 }),
        fc.array(fc.nat(3), { minLength: 2, maxLength: 12 }),
        async (fates, pauses) => {
          const { router, carriedOut } = open(fates)
          const answers: Promise<number>[] = []
          for (const [i, pause] of pauses.entries()) {
            if (pause > 0) await sleep(pause)
            answers.push(router.submit(0, { key: `k${i}`, body: i }))
          }
          const numbers = pauses.map((_, i) => i)
          assert.deepEqual(await Promise.all(answers), numbers)
          assert.deepEqual(carriedOut, numbers)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('are refused as too many only where nothing can have been done', async () => {
    const at = (is: Fate['is']): Fate => ({ there: 0, back: 0, is })
    const refused = open([at('refused'), at('busy')])
    await assert.rejects(refused.router.submit(0, { key: 'a', body: 1 }), Busy)
    const inDoubt = open([at('unanswered'), at('busy'), at('refused'), at('busy')])
    assert.equal(await inDoubt.router.submit(0, { key: 'a', body: 1 }), 1)
    assert.deepEqual(inDoubt.carriedOut, [1])
  })

  test('of which nobody hears are uncertain at their deadline; those that come later wait no longer than their own', async () => {
    const { router, carriedOut } = open([{ there: 2_500, back: 0, is: 'done' }])
    const first = router.submit(0, { key: 'a', body: 1 })
    await sleep(20)
    const second = router.submit(0, { key: 'b', body: 2 })
    await assert.rejects(first, Uncertain)
    assert.equal(await second, 2)
    // Whether the first was tried once more in its last moment is what nobody knows.
    assert.equal(carriedOut.at(-1), 2)
  })
})
