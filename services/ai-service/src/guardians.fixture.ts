import assert from 'node:assert/strict'
import type { startService } from './ai-service.fixture.ts'

export type Service = Awaited<ReturnType<typeof startService>>
export type Problem = { code: string; detail: string }
export type Link = {
  id: number
  senior_id: number
  guardian_id: number
  asked_by: number
  state: string
  shares: { trends: boolean; crisis: boolean; needs_renewal: boolean }
}

/** Both want it. @returns the id of the link */
export async function link(service: Service, senior: number, guardian: number): Promise<number> {
  const asked = await service.call<Link>(senior, 'POST', '/care/links', { user_id: guardian, role: 'guardian' })
  const accepted = await service.call<Link>(guardian, 'POST', `/care/links/${asked.body.id}/accept`)
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body))
  return asked.body.id
}

export const consentUrl = (kind: string, guardian: number) => `/care/consents/${kind}?subject=${guardian}`

/** The senior agrees to it for this guardian. */
export async function share(
  service: Service,
  senior: number,
  guardian: number,
  kinds: readonly ('guardian' | 'crisis_notice')[] = ['guardian', 'crisis_notice'],
): Promise<void> {
  for (const kind of kinds) {
    const { status } = await service.call(senior, 'PUT', consentUrl(kind, guardian), { version: 1 })
    assert.equal(status, 200)
  }
}
