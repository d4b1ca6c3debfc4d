import { operation, principalOf, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { OwnProfile } from '../../contract/schemas.ts'
import { refTo, UserIdParams } from '../../contract/fields.ts'
import { ownProfile } from '../../views/own-profile.ts'
import { setRole, setStatus, type SetAccessPorts } from './set-access.ts'

export function setAccessHttp(app: App, ports: SetAccessPorts): void {
  const shared = {
    tag: 'users',
    access: 'admin',
    params: UserIdParams,
    response: { 200: refTo(OwnProfile) },
    errors: [userErrors.USER_NOT_FOUND, userErrors.OWN_ACCOUNT, userErrors.ACCOUNT_CLOSING],
  } as const
  app.patch(
    '/users/:id/status',
    operation({
      ...shared,
      id: 'setUserStatus',
      summary: 'Activate or deactivate an account; deactivating ends its sessions',
      body: Type.Object({ status: Type.Union([Type.Literal('active'), Type.Literal('inactive')]) }),
    }),
    async (request) => {
      const by = principalOf(request).user_id
      const user = await setStatus(ports, { userId: request.params.id, by, status: request.body.status })
      return ownProfile(user, ports.imageUrl)
    },
  )
  app.patch(
    '/users/:id/role',
    operation({
      ...shared,
      id: 'setUserRole',
      summary: 'Make a user an administrator or take it back; the sessions of the user end',
      body: Type.Object({ role: Type.Union([Type.Literal('user'), Type.Literal('admin')]) }),
    }),
    async (request) => {
      const by = principalOf(request).user_id
      const user = await setRole(ports, { userId: request.params.id, by, role: request.body.role })
      return ownProfile(user, ports.imageUrl)
    },
  )
}
