import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { ReportStatus, ReportStore } from '../ports.ts'

/** The promises of ReportStore about what an operator does with reports, for every adapter. */
export function reportStoreContract(name: string, open: (t: TestContext) => Promise<{ reports: ReportStore }>): void {
  const withThree = async (t: TestContext) => {
    const { reports } = await open(t)
    const report = { user_id: 8, reason: 'spam', note: '', message_ids: ['msg_1_2'], created_at: 5 } as const
    for (const reporter_id of [1, 2, 3]) await reports.add({ ...report, reporter_id, limit: 10, since: 0 })
    const page = async (status?: ReportStatus, before?: number, limit = 10) =>
      (await reports.list({ before, limit, status })).map(({ reporter_id }) => reporter_id)
    const [third, second, first] = (await reports.list({ before: undefined, limit: 10 })).map(({ id }) => id)
    return { reports, page, ids: [first!, second!, third!] as const }
  }

  describe(`${name}: reports`, () => {
    it('are open at first; handled ones are told apart, with who it was and when, page by page', async (t) => {
      const { reports, page, ids } = await withThree(t)
      assert.deepEqual([await page('open'), await page('handled')], [[3, 2, 1], []])
      const marked = await reports.mark({ id: ids[1], status: 'handled', by: 9, now: 70 })
      assert.equal(marked?.changed, true)
      const { handled_by, handled_at, message_ids } = marked.report
      assert.deepEqual([handled_by, handled_at, message_ids], [9, 70, ['msg_1_2']])
      assert.deepEqual([await page('open'), await page('handled'), await page()], [[3, 1], [2], [3, 2, 1]])
      assert.deepEqual([await page('open', undefined, 1), await page('open', ids[2], 1)], [[3], [1]])
    })

    it('stay with whoever was first, also of many at once; undone they are open again', async (t) => {
      const { reports, page, ids } = await withThree(t)
      const mark = (status: ReportStatus, by: number) => reports.mark({ id: ids[0], status, by, now: by })
      const all = await Promise.all([11, 12, 13, 14].map((by) => mark('handled', by)))
      assert.equal(all.filter((one) => one?.changed).length, 1)
      const by = all.find((one) => one?.changed)!.report.handled_by!
      const again = await mark('handled', 15)
      assert.deepEqual([again!.changed, again!.report.handled_by, again!.report.handled_at], [false, by, by])
      const undone = await mark('open', 16)
      assert.deepEqual([undone!.changed, undone!.report.handled_by, undone!.report.handled_at], [true, null, null])
      assert.equal((await mark('open', 16))!.changed, false)
      assert.deepEqual(await page('open'), [3, 2, 1])
    })

    it('that are none are not marked', async (t) => {
      const { reports } = await withThree(t)
      assert.equal(await reports.mark({ id: 999_999, status: 'handled', by: 9, now: 70 }), undefined)
    })
  })
}
