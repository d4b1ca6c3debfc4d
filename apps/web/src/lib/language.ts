/** Of the languages of the page, the one its user likes best; Korean if they like neither. */
export const firstLanguage = (liked: readonly string[]): 'ko' | 'en' =>
  liked.flatMap((one) => (/^ko\b/i.test(one) ? 'ko' : /^en\b/i.test(one) ? 'en' : [])).at(0) ?? 'ko'
