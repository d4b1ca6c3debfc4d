import type { ConsentKind } from '../contract/kinds.ts'

export { CONSENT_KINDS, type ConsentKind } from '../contract/kinds.ts'

export type ConsentWords = Readonly<{ title: string; text: string }>

/** In plain words, as they are shown. Who changes the words raises the version. */
export const CONSENTS: Readonly<
  Record<ConsentKind, Readonly<{ version: number; words: Readonly<Record<'ko' | 'en', ConsentWords>> }>>
> = {
  analysis: {
    version: 1,
    words: {
      ko: {
        title: '내가 건넨 말에서 마음 상태의 표현 찾기',
        text:
          '내가 직접 건넨 글이나 녹음에서만 우울, 불안, 잠, 기억 같은 표현을 찾습니다. 대화방의 글은 읽지 않습니다. ' +
          '건강에 관한 민감한 정보입니다. 찾은 것은 진단이 아니며, 이 서버 밖으로 나가지 않고 저장되지도 않습니다. ' +
          '동의는 언제든 거둘 수 있고, 거두어도 대화는 그대로 쓸 수 있습니다.',
      },
      en: {
        title: 'Finding signs of how I am in what I hand in',
        text:
          'Only in texts and recordings that I hand in myself are phrases looked for that speak of mood, worry, sleep or memory. What is written in chats is not read. ' +
          'This is sensitive information about health. What is found is no diagnosis; it does not leave this server and is not kept. ' +
          'I can take this back at any time, and chats go on as before.',
      },
    },
  },
}
