import { shallowRef } from 'vue'

/** The voice that is heard now. */
export const playing = shallowRef<HTMLAudioElement>()
