import type { InjectionKey } from 'vue'

/** Whether there is somewhere to write: without it nothing is answered or edited. */
export const MAY_WRITE: InjectionKey<() => boolean> = Symbol('may write')
