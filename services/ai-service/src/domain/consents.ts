import type { ConsentKind } from '../contract/kinds.ts'

export { CONSENT_KINDS, type ConsentKind } from '../contract/kinds.ts'

export type ConsentWords = Readonly<{ title: string; text: string }>

/** In plain words, as they are shown. Who changes the words raises the version. */
export const CONSENTS: Readonly<
  Record<ConsentKind, Readonly<{ version: number; words: Readonly<Record<'ko' | 'en', ConsentWords>> }>>
> = {
  analysis: {
    version: 2,
    words: {
      ko: {
        title: '내가 건넨 말에서 마음 상태의 표현 찾기',
        text:
          '내가 직접 건넨 글이나 녹음에서만 우울, 불안, 잠, 기억 같은 표현을 찾습니다. 대화방의 글은 읽지 않습니다. ' +
          '건강에 관한 민감한 정보입니다. 찾은 것은 진단이 아니며, 이 서버 밖으로 나가지 않습니다. ' +
          '결과(찾은 단서와 점수, 기분, 설문의 답)는 이 서버에 최대 90일 동안 보관하고 언제든 지울 수 있습니다. 한 말 자체는 남겨 달라고 할 때만 보관하며, 녹음은 들은 뒤 바로 버립니다. ' +
          '동의는 언제든 거둘 수 있고, 거두면 새로 찾지 않습니다. 이미 보관된 결과는 지우거나 기한이 지날 때까지 남습니다. 거두어도 대화는 그대로 쓸 수 있습니다.',
      },
      en: {
        title: 'Finding signs of how I am in what I hand in',
        text:
          'Only in texts and recordings that I hand in myself are phrases looked for that speak of mood, worry, sleep or memory. What is written in chats is not read. ' +
          'This is sensitive information about health. What is found is no diagnosis, and it does not leave this server. ' +
          'Results (the signs and scores, moods, answers to questionnaires) are kept on this server for at most 90 days, and I can delete them at any time. The words themselves are kept only when I ask for it; recordings are thrown away once they were listened to. ' +
          'I can take this back at any time: then nothing new is looked for. Results that are kept stay until I delete them or their time is over. Chats go on as before.',
      },
    },
  },
}
