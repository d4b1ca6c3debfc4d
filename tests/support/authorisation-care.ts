import { befriend, register, type Person, type Urls } from './index.ts'

type WithId = Readonly<{ id: number }>

/** Somebody old, who looks after them, and who did once. */
export type Family = Readonly<{
  senior: Person
  guardian: Person
  /** Had a link and both consents, until the senior ended it. */
  former: Person
  /** What the senior handed in. */
  entry: WithId
  /** Of the guardian. */
  link: WithId
  /** By the guardian, about the senior. */
  note: WithId
}>

export const FAMILY_ROLES = ['senior', 'guardian', 'former'] as const
export type FamilyRole = (typeof FAMILY_ROLES)[number]

/** @param said words that the senior handed in, and asked to be kept */
export async function plantFamily(urls: Urls, senior: Person, said: string): Promise<Family> {
  const [guardian, former] = [await register(urls, '보호자'), await register(urls, '옛보호자')]
  await senior.put('/care/consents/analysis', { version: 2 })
  const kept = { text: said, keep_text: true }
  const { entry } = await senior.post<{ entry: WithId }>('/care/entries', kept)
  const link = await share(senior, guardian)
  const ended = await share(senior, former)
  await senior.del(`/care/links/${ended.id}`)
  const note = await guardian.post<WithId>(`/care/${senior.id}/notes`, { text: '점심을 같이 먹었습니다' })
  return { senior, guardian, former, entry, link, note }
}

async function share(senior: Person, guardian: Person): Promise<WithId> {
  await befriend(senior, guardian)
  const link = await senior.post<WithId>('/care/links', { user_id: guardian.id, role: 'guardian' })
  await guardian.post(`/care/links/${link.id}/accept`)
  for (const kind of ['guardian', 'crisis_notice'])
    await senior.put(`/care/consents/${kind}?subject=${guardian.id}`, { version: 1 })
  return link
}
