import { shallowReactive, type InjectionKey } from 'vue'

/** Ids of messages whose long text is shown whole. Rows come and go as one scrolls; this stays. */
export const unfolded = shallowReactive(new Set<string>())

/** Keeps the top of a message where it stands, or where it is first seen, while its height changes. */
export const KEEP_ROW: InjectionKey<(seq: number) => void> = Symbol('keep row')
