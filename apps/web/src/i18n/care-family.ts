/** [Korean, English] Of what people share with their family. */
export const careFamily = {
  'family.title': ['가족과 나누기', 'Sharing with the family'],
  'family.intro': [
    '서로 동의한 사람 사이에서만 나눕니다. 무엇을 보일지는 어르신이 정하고, 누가 언제 보았는지 모두 남습니다. 대화방의 글과 말한 내용은 아무에게도 보이지 않습니다.',
    'Only between people who both agree. The senior decides what is shown, and sees who looked and when. Chats, and the words that were said, are shown to nobody.',
  ],
} as const
