import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FAMILY_ROLES, plantFamily, type Family } from '../support/authorisation-care.ts'
import { CARE_TABLE } from '../support/authorisation-table.ts'
import {
  assertNothingLeaks,
  assertStatus,
  closed,
  family,
  SECRET,
  urls,
  walk,
  world,
} from '../support/authorisation-world.ts'
import { PASSWORD, register } from '../support/index.ts'

/** What these do to a family cannot be undone: each has one of its own. */
const CHANGES = new Set(
  'endCareLink acceptCareLink askForCareLink deleteCareNote deleteEntry deleteEntries withdrawConsent closeAccount'.split(
    ' ',
  ),
)
const operations = closed.filter(({ path }) => /\/api\/(care\/|analyze|transcribe)/.test(path))

describe('care', () => {
  it('has each of its operations in the table of families, and the table names no other', () => {
    assert.deepEqual(operations.map(({ id }) => id).sort(), Object.keys(CARE_TABLE).sort())
  })

  for (const role of FAMILY_ROLES)
    it(`${role}: what the link and the consents allow, and no words of the senior’s`, async () => {
      for (const operation of operations) {
        const own = CHANGES.has(operation.id)
        const of = own ? await plantFamily(urls, await register(urls, '어르신'), SECRET.care) : family
        const answer = await walk(operation, world, of[role].token, of)
        assertStatus(answer, CARE_TABLE[operation.id]![role], `${operation.id} as ${role}`)
        if (role !== 'senior') assertNothingLeaks(answer, role)
      }
    })

  it('a consent is for the senior to give: neither a guardian nor who was one gives it in their place', async () => {
    for (const role of ['guardian', 'former'] as const)
      for (const kind of ['guardian', 'crisis_notice'])
        for (const subject of [family.senior.id, family[role].id]) {
          const path = `/care/consents/${kind}?subject=${subject}`
          const answer = await family[role].call('PUT', path, { body: { version: 1 } })
          assert.equal(answer.status, 409, `${role} ${path}: ${answer.text}`)
        }
    assertStatus(await seen(family, 'former'), 404, 'trend')
  })

  for (const [what, end] of [
    [
      'closes the account',
      ({ senior }: Family) => senior.call('DELETE', '/users/me', { body: { password: PASSWORD } }),
    ],
    ['ends the friendship', ({ senior, guardian }: Family) => senior.call('DELETE', `/friends/${guardian.id}`)],
    ['blocks the guardian', ({ senior, guardian }: Family) => senior.call('PUT', `/friends/blocks/${guardian.id}`)],
    ['ends the link', ({ senior, link }: Family) => senior.call('DELETE', `/care/links/${link.id}`)],
  ] as const)
    it(`a guardian sees nothing any more from the moment that the senior ${what}`, async () => {
      const of = await plantFamily(urls, await register(urls, '어르신'), SECRET.care)
      assertStatus(await seen(of, 'guardian'), 200, 'before')
      const ended = await end(of)
      assert.ok(ended.status < 300, ended.text)
      assertStatus(await seen(of, 'guardian'), 404, 'at once')
      const seniors = await of.guardian.call('GET', '/care/seniors')
      assert.deepEqual(JSON.parse(seniors.text), { items: [] })
    })

  const seen = ({ senior, ...of }: Family, role: 'guardian' | 'former') =>
    of[role].call('GET', `/care/${senior.id}/trend`)
})
