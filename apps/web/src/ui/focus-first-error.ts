import { nextTick } from 'vue'

/** After a form was refused: the first field with a fault has the focus, and its fault is read. A page shows one form at a time. */
export async function focusFirstError(): Promise<void> {
  await nextTick()
  document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus()
}
