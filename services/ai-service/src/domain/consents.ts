import type { ConsentKind } from '../contract/kinds.ts'

export { CONSENT_KINDS, type ConsentKind } from '../contract/kinds.ts'

export type ConsentWords = Readonly<{ title: string; text: string }>

/** In plain words, as they are shown; of a cloud `{name}` and `{host}` stand for whose it is. Who changes the words raises the version. */
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
          '주마다 다섯 명 이상을 함께 센 수가 관리자의 통계에 들어가며, 누구의 것인지는 들어가지 않습니다. ' +
          '동의는 언제든 거둘 수 있고, 거두면 새로 찾지 않습니다. 이미 보관된 결과는 지우거나 기한이 지날 때까지 남습니다. 거두어도 대화는 그대로 쓸 수 있습니다.',
      },
      en: {
        title: 'Finding signs of how I am in what I hand in',
        text:
          'Only in texts and recordings that I hand in myself are phrases looked for that speak of mood, worry, sleep or memory. What is written in chats is not read. ' +
          'This is sensitive information about health. What is found is no diagnosis, and it does not leave this server. ' +
          'Results (the signs and scores, moods, answers to questionnaires) are kept on this server for at most 90 days, and I can delete them at any time. The words themselves are kept only when I ask for it; recordings are thrown away once they were listened to. ' +
          'Each week, counts of five people and more together go into the statistics of administrators, without whose they are. ' +
          'I can take this back at any time: then nothing new is looked for. Results that are kept stay until I delete them or their time is over. Chats go on as before.',
      },
    },
  },
  cloud: {
    version: 1,
    words: {
      ko: {
        title: '{name}에서 처리하기',
        text:
          '내가 건넨 글이나 녹음이 이 서버를 떠나 {name}({host})로 가서 처리됩니다. 그곳에서 얼마나 오래 보관하는지는 그 회사의 약관을 따릅니다. ' +
          '동의하지 않으면 이 서버 안에서만 처리하거나, 그럴 수 없으면 처리하지 않습니다. 동의는 언제든 거둘 수 있고, 이미 보낸 것은 되돌릴 수 없습니다.',
      },
      en: {
        title: 'Having it processed by {name}',
        text:
          'Texts or recordings that I hand in leave this server to {name} ({host}), where they are processed. How long they are kept there is a matter of that company’s terms. ' +
          'Without my consent they are processed on this server alone, or not at all. I can take this back at any time; what was sent cannot be taken back.',
      },
    },
  },
  guardian: {
    version: 1,
    words: {
      ko: {
        title: '이 보호자에게 내 상태의 흐름 보여 주기',
        text:
          '이 보호자는 내가 언제 마지막으로 소식을 남겼는지, 기분, 찾은 표현의 종류와 세기, 설문의 점수와 그 구간을 볼 수 있습니다. 내가 쓴 글과 한 말, 문항마다의 답은 볼 수 없습니다. ' +
          '며칠 동안 소식이 없거나 점수가 높아지면 이 보호자가 정한 대로 알림을 받습니다. 언제 무엇을 보았는지, 나에 대해 무엇을 적었는지 나도 볼 수 있습니다. ' +
          '건강에 관한 민감한 정보입니다. 동의는 언제든 거둘 수 있고, 거두면 바로 보이지 않습니다.',
      },
      en: {
        title: 'Letting this guardian see how I am over time',
        text:
          'This guardian sees when I last gave a sign of life, my moods, which kinds of phrases were found and how strong, and the scores of questionnaires with their bands. Not what I wrote or said, nor single answers. ' +
          'After some days without a sign of life, or when scores rise, they are told, as they have set it. I see when they looked at what, and what they note about me. ' +
          'This is sensitive information about health. I can take this back at any time, and from then on they see nothing.',
      },
    },
  },
  crisis_notice: {
    version: 1,
    words: {
      ko: {
        title: '위기일 때 이 보호자에게 알리기',
        text:
          '내가 건넨 것에서 삶을 놓고 싶다는 뜻의 표현이 보이면 이 보호자에게 바로 알림이 갑니다. 그런 때가 있었다는 것만 알리며, 무슨 말이었는지는 알리지 않습니다. ' +
          '표현을 놓칠 수도 있고 잘못 알릴 수도 있습니다. 저절로 전화를 걸거나 신고하지 않으니, 급하면 직접 전화해 주세요. 동의는 언제든 거둘 수 있습니다.',
      },
      en: {
        title: 'Telling this guardian of a crisis',
        text:
          'When what I hand in holds phrases of not wanting to live, this guardian is told at once: that there was such a moment, not what was said. ' +
          'Phrases may be missed, and a notice may be wrong. Nobody is called by itself: in an emergency call yourself. I can take this back at any time.',
      },
    },
  },
}

/** What can be agreed to once for each subject: a host, or the id of a guardian. `analysis` has the subject ''. */
export type ConsentSubject = Readonly<{ kind: ConsentKind; subject: string }>

/** Agreed to in words that have changed since: it counts no more, and its person is asked again. */
export const isOutdated = ({ kind, version }: Readonly<{ kind: ConsentKind; version: number }>): boolean =>
  version < CONSENTS[kind].version

/** Of a guardian: such a consent needs their link, and ends with it. */
export const isOfGuardian = (kind: ConsentKind): kind is 'guardian' | 'crisis_notice' =>
  kind === 'guardian' || kind === 'crisis_notice'
