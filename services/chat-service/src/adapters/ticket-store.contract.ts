import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TicketStore } from '../ports.ts'

type Open = (isRevoked: (sessionId: string) => boolean) => Promise<readonly [TicketStore, TicketStore]>

/** The promises of TicketStore. @param open two nodes with the same tickets; in one process they are one */
export function ticketStoreContract(name: string, open: Open): void {
  const holder = { user_id: 1, session_id: 's', role: 'user' } as const

  suite(`tickets: ${name}`, () => {
    test('a ticket is good once, on whichever node', async () => {
      const [here, there] = await open(() => false)
      const first = await here.issue({ ...holder, role: 'admin' })
      const second = await here.issue(holder)
      assert.notEqual(first, second)
      assert.deepEqual(await there.redeem(first), { ...holder, role: 'admin' })
      assert.equal(await here.redeem(first), undefined)
      assert.deepEqual(await here.redeem(second), holder)
      for (const unknown of ['unknown', '', 'a\r\nb', '*']) assert.equal(await here.redeem(unknown), undefined)
    })

    test('of many who redeem it at once one is let in', async () => {
      const [here, there] = await open(() => false)
      const ticket = await here.issue(holder)
      const found = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? here : there).redeem(ticket)))
      assert.equal(found.filter((one) => one !== undefined).length, 1)
    })

    test('a ticket ends with its session', async () => {
      const ended = new Set<string>()
      const [here, there] = await open((id) => ended.has(id))
      const ticket = await here.issue(holder)
      ended.add(holder.session_id)
      assert.equal(await there.redeem(ticket), undefined)
    })
  })
}
