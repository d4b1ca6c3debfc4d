import type { Letter } from '@bigtech/mail'
import type { Language } from '../domain/text.ts'

/** What a mail tells of. Addresses lead to the web client; `at` is written out for its reader. */
export type MailContent =
  | Readonly<{ kind: 'welcome'; name: string; confirm: string | null; home: string }>
  | Readonly<{ kind: 'confirmation'; name: string; confirm: string }>
  | Readonly<{ kind: 'new_device' | 'password_changed'; name: string; at: string; devices: string }>
  | Readonly<{
      kind: 'digest'
      name: string
      rooms: readonly Readonly<{ name: string; unread_count: number }>[]
      notes: readonly string[]
      home: string
      settings: string
      unsubscribe: string
    }>
  | Readonly<{ kind: 'account_closed'; name: string }>

export const letterOf = (content: MailContent, language: Language): Letter =>
  language === 'ko' ? korean(content) : english(content)

function korean(content: MailContent): Letter {
  const title = `${content.name}님, 안녕하세요`
  switch (content.kind) {
    case 'welcome':
      return {
        subject: '가입을 환영합니다',
        title,
        lines: [
          'BigTech Chat에 오신 것을 환영합니다. 친구를 찾아 대화를 시작해 보세요.',
          ...(content.confirm === null
            ? []
            : ['아래 단추를 눌러 이메일 주소를 확인해 주세요. 24시간 동안 쓸 수 있습니다.']),
        ],
        button:
          content.confirm === null
            ? { label: '대화 시작하기', url: content.home }
            : { label: '이메일 주소 확인', url: content.confirm },
        small: ['직접 가입하지 않았다면 이 메일을 무시하셔도 됩니다.'],
      }
    case 'confirmation':
      return {
        subject: '이메일 주소 확인',
        title,
        lines: ['아래 단추를 눌러 이메일 주소를 확인해 주세요. 24시간 동안 쓸 수 있습니다.'],
        button: { label: '이메일 주소 확인', url: content.confirm },
        small: ['직접 요청하지 않았다면 이 메일을 무시하셔도 됩니다.'],
      }
    case 'new_device':
      return {
        subject: '새 기기에서 로그인했습니다',
        title,
        lines: [
          `${content.at}에 새 기기에서 계정에 로그인했습니다.`,
          '본인이 아니라면 그 기기를 로그아웃하고 비밀번호를 바꿔 주세요.',
        ],
        button: { label: '로그인한 기기 보기', url: content.devices },
      }
    case 'password_changed':
      return {
        subject: '비밀번호가 변경되었습니다',
        title,
        lines: [
          `${content.at}에 비밀번호가 변경되었습니다.`,
          '본인이 아니라면 로그인 화면의 ‘비밀번호를 잊으셨나요?’에서 곧바로 다시 설정해 주세요.',
        ],
        button: { label: '로그인한 기기 보기', url: content.devices },
      }
    case 'digest':
      return {
        subject: '놓친 소식',
        title,
        lines: [
          ...(content.rooms.length === 0
            ? []
            : [
                '읽지 않은 메시지가 있는 대화방입니다.',
                content.rooms.map(({ name, unread_count }) => `${name}: ${unread_count}개`),
              ]),
          ...(content.notes.length === 0 ? [] : ['새 알림입니다.', content.notes]),
        ],
        button: { label: '열어 보기', url: content.home },
        small: [
          '하루에 한 번까지 보내 드립니다.',
          `알림 설정: ${content.settings}`,
          `수신 거부: ${content.unsubscribe}`,
        ],
      }
    case 'account_closed':
      return {
        subject: '탈퇴가 완료되었습니다',
        title,
        lines: [
          '계정이 닫혔고, 프로필과 기기 정보가 지워졌습니다. 대화방에 남긴 메시지는 ‘탈퇴한 사용자’의 것으로 보입니다.',
          '그동안 함께해 주셔서 고맙습니다.',
        ],
        small: ['이 주소로 보내는 마지막 메일입니다.'],
      }
  }
}

function english(content: MailContent): Letter {
  const title = `Hello ${content.name}`
  switch (content.kind) {
    case 'welcome':
      return {
        subject: 'Welcome',
        title,
        lines: [
          'Welcome to BigTech Chat. Find your friends and say hello.',
          ...(content.confirm === null ? [] : ['Please confirm your e-mail address. The link works for 24 hours.']),
        ],
        button:
          content.confirm === null
            ? { label: 'Start talking', url: content.home }
            : { label: 'Confirm the address', url: content.confirm },
        small: ['If you did not sign up, ignore this mail.'],
      }
    case 'confirmation':
      return {
        subject: 'Confirm your e-mail address',
        title,
        lines: ['Please confirm your e-mail address. The link works for 24 hours.'],
        button: { label: 'Confirm the address', url: content.confirm },
        small: ['If you did not ask for this, ignore this mail.'],
      }
    case 'new_device':
      return {
        subject: 'New device signed in',
        title,
        lines: [
          `Your account was signed in to on a new device: ${content.at}.`,
          'If this was not you, sign that device out and change your password.',
        ],
        button: { label: 'See your devices', url: content.devices },
      }
    case 'password_changed':
      return {
        subject: 'Your password was changed',
        title,
        lines: [
          `Your password was changed: ${content.at}.`,
          'If this was not you, set a new one at once with “Forgot your password?” where you sign in.',
        ],
        button: { label: 'See your devices', url: content.devices },
      }
    case 'digest':
      return {
        subject: 'What you missed',
        title,
        lines: [
          ...(content.rooms.length === 0
            ? []
            : [
                'There are messages you have not read.',
                content.rooms.map(({ name, unread_count }) => `${name}: ${unread_count}`),
              ]),
          ...(content.notes.length === 0 ? [] : ['New notifications.', content.notes]),
        ],
        button: { label: 'Open', url: content.home },
        small: [
          'You get this once a day at most.',
          `Settings: ${content.settings}`,
          `Unsubscribe: ${content.unsubscribe}`,
        ],
      }
    case 'account_closed':
      return {
        subject: 'Your account is closed',
        title,
        lines: [
          'Your account is closed; your profile and devices are erased. Messages you left in rooms are shown as those of a closed account.',
          'Thank you for having been with us.',
        ],
        small: ['This is the last mail to this address.'],
      }
  }
}
