import { reactive, shallowReactive } from 'vue'

/** Short news at the edge of the screen, and questions before something is destroyed. */
export type Toast = {
  id: number
  kind: 'info' | 'success' | 'error'
  text: string
  action?: { label: string; run: () => void } | undefined
}

export const toasts = shallowReactive<Toast[]>([])
let serial = 0

export function toast(kind: Toast['kind'], text: string, action?: Toast['action']): void {
  const one: Toast = { id: ++serial, kind, text, action }
  toasts.push(one)
  // Long enough to be read, and longer where there is something to do about it.
  const ms = kind === 'error' || action ? 8_000 : 4_000
  setTimeout(() => dismiss(one.id), ms)
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id)
  if (index >= 0) toasts.splice(index, 1)
}

export type Question = { title: string; text?: string; confirm: string; danger?: boolean }
export const asked = reactive<{ question: Question | undefined }>({ question: undefined })
let answer: ((yes: boolean) => void) | undefined

/** @returns whether the user agreed */
export function confirmed(question: Question): Promise<boolean> {
  answer?.(false)
  asked.question = question
  return new Promise((resolve) => (answer = resolve))
}

export function answerQuestion(yes: boolean): void {
  asked.question = undefined
  answer?.(yes)
  answer = undefined
}
