import type { UserEvent, UserEventType } from './user.ts'

type Texts = Readonly<{ ko: string; en: string }>

/** An event of the stream as its user sees it; the type names are those of the source documents. */
const activities: Readonly<Record<UserEventType, Readonly<{ type: string }> & Texts>> = {
  UserRegistered: { type: 'user_created', ko: '새 사용자 계정 생성', en: 'Account created' },
  UserProfileUpdated: { type: 'user_updated', ko: '프로필 수정', en: 'Profile updated' },
  UserProfileImageChanged: { type: 'user_image_changed', ko: '프로필 이미지 변경', en: 'Profile image changed' },
  UserLoggedIn: { type: 'user_login', ko: '로그인', en: 'Signed in' },
  UserLoggedOut: { type: 'user_logout', ko: '로그아웃', en: 'Signed out' },
  UserPasswordChanged: { type: 'user_password_changed', ko: '비밀번호 변경', en: 'Password changed' },
  UserEmailConfirmationAsked: {
    type: 'user_email_confirmation_asked',
    ko: '이메일 확인 요청',
    en: 'E-mail confirmation asked for',
  },
  UserEmailConfirmed: { type: 'user_email_confirmed', ko: '이메일 확인', en: 'E-mail address confirmed' },
  UserStatusChanged: { type: 'user_status_changed', ko: '계정 상태 변경', en: 'Account status changed' },
  UserRoleChanged: { type: 'user_role_changed', ko: '역할 변경', en: 'Role changed' },
  UserClosureRequested: { type: 'user_closure_requested', ko: '탈퇴 요청', en: 'Account closure requested' },
  UserClosureCancelled: { type: 'user_closure_cancelled', ko: '탈퇴 취소', en: 'Account closure cancelled' },
  UserClosed: { type: 'user_closed', ko: '탈퇴 완료', en: 'Account closed' },
}

export const activityTypes = Object.values(activities).map((activity) => activity.type)

export const eventTypeOfActivity = (type: string): UserEventType | undefined =>
  (Object.keys(activities) as UserEventType[]).find((eventType) => activities[eventType].type === type)

export type Activity = {
  activity_type: string
  description: string
  data: Readonly<Record<string, unknown>>
}

export function activityOf(event: UserEvent, language: 'ko' | 'en'): Activity {
  const activity = activities[event.type]
  return { activity_type: activity.type, description: activity[language], data: event.data }
}
