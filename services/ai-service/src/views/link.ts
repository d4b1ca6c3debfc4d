import { isoTime } from '@bigtech/kernel'
import type { Static } from 'typebox'
import { sharesOf } from '../access/senior.ts'
import type { LinkSchema } from '../contract/link-schemas.ts'
import type { CareLink } from '../link-ports.ts'
import type { ConsentStore } from '../ports.ts'

/** With what the seniors have agreed to for these guardians. */
export async function viewLinks(
  { consents }: Readonly<{ consents: Pick<ConsentStore, 'openOf'> }>,
  links: readonly CareLink[],
): Promise<Static<typeof LinkSchema>[]> {
  const open = await consents.openOf(links.map(({ senior_id }) => senior_id))
  return links.map(({ created_at, accepted_at, ...link }) => {
    const held = open.get(link.senior_id) ?? []
    return {
      ...link,
      created_at: isoTime(created_at),
      accepted_at: accepted_at === null ? null : isoTime(accepted_at),
      shares: sharesOf(held, link.guardian_id),
    }
  })
}
