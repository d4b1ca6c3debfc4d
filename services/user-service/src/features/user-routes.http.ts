import type { App } from '@bigtech/http'
import { OwnProfile, PublicProfile } from '../contract/schemas.ts'
import { TokenPair } from '../fields.ts'
import { changeImageRoutes, type ChangeImageRoutePorts } from './change-image/change-image.http.ts'
import { changePasswordRoutes, type ChangePasswordRoutePorts } from './change-password/change-password.http.ts'
import { closeAccountRoutes, type CloseAccountRoutePorts } from './close-account/close-account.http.ts'
import { endSessionsRoutes } from './end-sessions/end-sessions.http.ts'
import type { EndSessionsPorts } from './end-sessions/end-sessions.ts'
import { exportDataRoutes, type ExportDataPorts } from './export-data/export-data.http.ts'
import { getHistoryRoutes } from './get-history/get-history.http.ts'
import { getJwksRoutes } from './get-jwks/get-jwks.http.ts'
import { getPresenceRoutes, type GetPresencePorts } from './get-presence/get-presence.http.ts'
import { getProfileRoutes } from './get-profile/get-profile.http.ts'
import { getUsersRoutes, type GetUsersPorts } from './get-users/get-users.http.ts'
import { listActivitiesRoutes } from './list-activities/list-activities.http.ts'
import { refreshSessionRoutes } from './refresh-session/refresh-session.http.ts'
import type { RefreshPorts } from './refresh-session/refresh-session.ts'
import { registerUserRoutes } from './register-user/register-user.http.ts'
import type { RegisterUserPorts } from './register-user/register-user.ts'
import { resetPasswordRoutes, type ResetRoutePorts } from './reset-password/reset-password.http.ts'
import { searchUsersRoutes } from './search-users/search-users.http.ts'
import { setAccessRoutes } from './set-access/set-access.http.ts'
import type { SetAccessPorts } from './set-access/set-access.ts'
import { signInRoutes, type SignInRoutePorts } from './sign-in/sign-in.http.ts'
import { trackPresenceRoutes, type TrackPresenceRoutePorts } from './track-presence/track-presence.http.ts'
import { updateProfileRoutes } from './update-profile/update-profile.http.ts'
import type { UpdateProfilePorts } from './update-profile/update-profile.ts'

export type UserRoutePorts = RegisterUserPorts &
  SignInRoutePorts &
  RefreshPorts &
  EndSessionsPorts &
  ChangePasswordRoutePorts &
  ResetRoutePorts &
  UpdateProfilePorts &
  ChangeImageRoutePorts &
  GetUsersPorts &
  ExportDataPorts &
  SetAccessPorts &
  TrackPresenceRoutePorts &
  GetPresencePorts &
  CloseAccountRoutePorts

/** All routes of user-service; each takes of the ports what it needs. */
export async function userRoutes(app: App, ports: UserRoutePorts): Promise<void> {
  for (const schema of [PublicProfile, OwnProfile, TokenPair]) app.addSchema(schema)
  registerUserRoutes(app, ports)
  signInRoutes(app, ports)
  refreshSessionRoutes(app, ports)
  endSessionsRoutes(app, ports)
  changePasswordRoutes(app, ports)
  resetPasswordRoutes(app, ports)
  getJwksRoutes(app, ports)
  getProfileRoutes(app, ports)
  updateProfileRoutes(app, ports)
  await changeImageRoutes(app, ports)
  searchUsersRoutes(app, ports)
  listActivitiesRoutes(app, ports)
  exportDataRoutes(app, ports)
  closeAccountRoutes(app, ports)
  getUsersRoutes(app, ports)
  getHistoryRoutes(app, ports)
  setAccessRoutes(app, ports)
  trackPresenceRoutes(app, ports)
  getPresenceRoutes(app, ports)
}
