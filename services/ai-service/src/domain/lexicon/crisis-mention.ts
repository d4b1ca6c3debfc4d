import type { CrisisLexicon } from './entry.ts'

/** The subject, without anybody's wish: enough to show the hotline's number small, never to alarm. */
export const crisisMention: CrisisLexicon = {
  level: 'mention',
  entries: [
    {
      say: `
        자살, 극단적 선택, 극단적인 선택, 스스로 목숨, 투신, 음독, 고독사, 생명의전화, 생명의 전화, 자해, 안락사,
        존엄사`,
      strength: 1,
      items: [],
      aboutOthers: true,
      example: '오늘 자살 예방 교육을 들었어요.',
    },
    {
      say: 'suicide, killed himself/herself/themselves, self harm, euthanasia',
      strength: 1,
      items: [],
      aboutOthers: true,
      example: 'There was a talk on suicide prevention.',
    },
  ],
}
