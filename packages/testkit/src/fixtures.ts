/** Texts that break careless code. `length` in UTF-16 units differs from what a reader counts in several of them. */
export const texts = {
  korean: '안녕하세요, 오늘 점심 같이 드실래요?',
  /** The same word composed (NFC) and decomposed into jamo (NFD), as macOS file names have it. */
  koreanNfc: '한글 파일.txt'.normalize('NFC'),
  koreanNfd: '한글 파일.txt'.normalize('NFD'),
  emoji: '😀',
  /** One visible character of several code points: family (ZWJ), flag, skin tone. */
  emojiZwj: '👨‍👩‍👧‍👦',
  emojiFlag: '🇰🇷',
  emojiSkin: '👍🏽',
  mixed: '회의는 3시 📅 Room B — don’t be late',
  html: '<script>alert("x")</script>&amp;',
  sql: "'); DROP TABLE messages; --",
  control: 'a\u0000b\u2028c\u202Ed',
} as const

/** Two-syllable Korean words: what trigram search cannot find. */
export const koreanWords = ['안녕', '점심', '회의', '사진', '내일', '서울', '부산', '친구', '가족', '생일'] as const

/** A sentence that differs by `index`, of about `words` words. */
export function koreanSentence(index: number, words = 6): string {
  const pick = (n: number) => koreanWords[(index * 7 + n * 3 + Math.floor(index / 10)) % koreanWords.length]!
  return `${Array.from({ length: words }, (_, n) => pick(n)).join(' ')} ${index}`
}
