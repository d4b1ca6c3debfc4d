/** Of moods 1 to 5; the words beside them say what they mean. */
export const FACES = ['😢', '🙁', '😐', '🙂', '😄'] as const
