import { Empty, IdParams, operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { dependencyErrors } from '@bigtech/resilience'
import { readerOf } from '../../access/reader.http.ts'
import { aiErrors } from '../../contract/errors.ts'
import { LinkAskSchema, LinkSchema } from '../../contract/link-schemas.ts'
import type { ConsentStore } from '../../ports.ts'
import { viewLinks } from '../../views/link.ts'
import { acceptLink, askForLink, type LinkPorts } from './link-guardian.ts'

export function linkGuardianHttp(
  app: App,
  ports: LinkPorts & Readonly<{ consents: Pick<ConsentStore, 'openOf'> }>,
): void {
  const { links, clock } = ports
  app.post(
    '/care/links',
    operation({
      id: 'askForCareLink',
      tag: 'care',
      summary: 'Ask a friend to be your guardian, or to be theirs',
      description:
        'Asked for by both, or again, it is one link (200). The other one accepts it; by itself it shares nothing: that is for the senior to agree to (`PUT /care/consents/guardian?subject=`).',
      body: LinkAskSchema,
      response: { 200: LinkSchema, 201: LinkSchema },
      errors: [
        aiErrors.SELF_CARE_LINK,
        aiErrors.NOT_A_FRIEND,
        aiErrors.CARE_LINKS_FULL,
        aiErrors.TOO_MANY_CARE_ASKS,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request, reply) => {
      const { link, done } = await askForLink(ports, readerOf(request), request.body)
      const [view] = await viewLinks(ports, [link])
      return reply.code(done === 'asked' ? 201 : 200).send(view!)
    },
  )
  app.get(
    '/care/links',
    operation({
      id: 'listCareLinks',
      tag: 'care',
      summary: 'Your guardians and those you look after, asked for and accepted, the newest first',
      querystring: PageQuery,
      response: { 200: PageOf(LinkSchema) },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const rows = await links.of({ user_id: principalOf(request).user_id, before, limit: limit + 1 })
      const page = toPage(rows, limit, ({ id }) => [id])
      return { ...page, items: await viewLinks(ports, page.items) }
    },
  )
  app.post(
    '/care/links/:id/accept',
    operation({
      id: 'acceptCareLink',
      tag: 'care',
      summary: 'Accept what the other one asked for; again changes nothing',
      params: IdParams,
      response: { 200: LinkSchema },
      errors: [
        aiErrors.CARE_LINK_NOT_FOUND,
        aiErrors.NOT_A_FRIEND,
        aiErrors.CARE_LINKS_FULL,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request) => {
      const { link } = await acceptLink(ports, readerOf(request), request.params.id)
      const [view] = await viewLinks(ports, [link])
      return view!
    },
  )
  app.delete(
    '/care/links/:id',
    operation({
      id: 'endCareLink',
      tag: 'care',
      summary: 'Refuse a link, or end it, from either side: the guardian sees nothing more from now on',
      params: IdParams,
      response: { 204: Empty },
      errors: [aiErrors.CARE_LINK_NOT_FOUND],
    }),
    async (request, reply) => {
      const { user_id: by } = principalOf(request)
      const isEnded = await links.end({ id: request.params.id, by, now: clock.now() })
      if (!isEnded) throw aiErrors.CARE_LINK_NOT_FOUND()
      ports.notify()
      return reply.code(204).send(null)
    },
  )
}
