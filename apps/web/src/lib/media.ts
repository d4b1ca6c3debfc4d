import { onScopeDispose, shallowRef, type Ref } from 'vue'

/** Phones: one column. */
export const PHONE = '(max-width: 719px)'

/** Whether the page is as a media query says, now and after it was turned or resized. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query)
  const matches = shallowRef(list.matches)
  const onChange = () => (matches.value = list.matches)
  list.addEventListener('change', onChange)
  onScopeDispose(() => list.removeEventListener('change', onChange))
  return matches
}
