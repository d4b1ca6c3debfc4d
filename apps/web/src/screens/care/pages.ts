/** The pages of care, each loaded when it is opened. */
export const pages = {
  talk: () => import('./TalkPage.vue'),
  mood: () => import('./MoodPage.vue'),
  forms: () => import('./FormsPage.vue'),
  form: () => import('./FormPage.vue'),
  history: () => import('./HistoryPage.vue'),
  trend: () => import('./TrendPage.vue'),
  family: () => import('./FamilyPage.vue'),
  senior: () => import('./SeniorPage.vue'),
}
export type CarePage = keyof typeof pages
