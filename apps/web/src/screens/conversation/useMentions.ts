import type { Mention, PersonState, RoomState } from '@bigtech/client'
import { computed, onMounted, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { chat } from '../../app/chat.ts'
import { t } from '../../i18n/index.ts'
import { nameBegins, nameMatchesSoFar } from '../../lib/hangul.ts'
import { callAt, MAX_MENTIONS, movedBy, nameKey, toSend, withName, type Call, type Callee } from './mentions.ts'

export type Candidate = Readonly<{
  key: string
  name: string
  callee: Callee
  /** null: everyone */
  person: PersonState | null
}>

/** More are found by typing on. */
const SHOWN = 50
const EVERYONE_NAMES = ['모두', 'all']

/** Whom what one writes calls: a list of members while a name is typed after an @, and the ranges of those who were chosen. */
export function useMentions(room: () => RoomState, input: Readonly<Ref<HTMLTextAreaElement | null>>) {
  const mentions = shallowRef<readonly Mention[]>([])
  const call = shallowRef<Call>()
  const active = ref(0)
  /** Where one closed the list: it stays closed for that @. */
  let closedAt: number | undefined

  const mayCallAll = (): boolean => room().type === 'group' && room().role !== 'member'
  const people = computed(() =>
    [...(room().members?.keys() ?? [])]
      .filter((id) => id !== chat.state.value.me)
      .flatMap((id) => chat.state.value.people.get(id) ?? [])
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b))),
  )
  const candidates = computed((): readonly Candidate[] => {
    const typed = call.value?.typed
    if (typed === undefined || room().type === 'direct' || mentions.value.length >= MAX_MENTIONS) return []
    const found = people.value.filter((person) => isTyped(nameOf(person), typed) || isTyped(person.username, typed))
    const begun = found.filter((person) => nameBegins(nameOf(person), typed))
    const others = found.filter((person) => !begun.includes(person))
    const all = mayCallAll() && EVERYONE_NAMES.some((name) => isTyped(name, typed)) ? [everyone()] : []
    // A whole room is never what stands first before anything was typed: Enter, twice, would call all of it.
    if (typed === '' && found.length === 0) return []
    return [...[...begun, ...others].slice(0, SHOWN).map(candidateOf), ...all]
  })
  const open = computed(() => candidates.value.length > 0)
  // Not with every message that comes meanwhile.
  watch(
    () => candidates.value.map(({ key }) => key).join(),
    () => (active.value = 0),
  )

  /** Follows the caret. */
  function look(): void {
    const area = input.value
    const focused = area !== null && document.activeElement === area && area.selectionStart === area.selectionEnd
    const found = focused ? callAt(area.value, area.selectionStart, mentions.value) : undefined
    if (found?.offset !== closedAt) closedAt = undefined
    const next = closedAt === undefined ? found : undefined
    if (next?.offset !== call.value?.offset || next?.typed !== call.value?.typed) call.value = next
  }
  onMounted(() => document.addEventListener('selectionchange', look))
  onScopeDispose(() => document.removeEventListener('selectionchange', look))

  function close(): void {
    closedAt = call.value?.offset
    call.value = undefined
  }

  return {
    mentions,
    candidates,
    active,
    open,
    look,
    close,
    /** The text was changed by whoever writes it. */
    moved(before: string, after: string, caret: number): void {
      mentions.value = movedBy(mentions.value, before, after, caret)
    },
    step(by: 1 | -1): void {
      const { length } = candidates.value
      active.value = (active.value + by + length) % length
    },
    /** Writes the name into the text. @param end up to where it was typed */
    choose(candidate: Candidate, text: string, at: Readonly<{ offset: number; end: number }>) {
      const chosen = withName(text, mentions.value, at, candidate)
      mentions.value = chosen.mentions
      call.value = undefined
      return chosen
    },
    /** Where the name that is being typed begins. */
    offset: (): number | undefined => call.value?.offset,
    sent(text: string) {
      const may = mayCallAll()
      const names = new Map<string, Callee>(
        people.value.map(({ username, user_id }) => [nameKey(username), { user_id }]),
      )
      if (may) for (const name of EVERYONE_NAMES) names.set(name, { everyone: true })
      // Who is no admin any more calls nobody with it: the words stay.
      return toSend(text, may ? mentions.value : mentions.value.filter((one) => !('everyone' in one)), names)
    },
  }
}

const nameOf = ({ display_name, username }: PersonState): string => display_name || username

/** What holds a space is a name only from its beginning on: whoever has written a name goes on with the sentence. */
const isTyped = (name: string, typed: string): boolean =>
  /\s/.test(typed) ? nameBegins(name, typed) : nameMatchesSoFar(name, typed)

const everyone = (): Candidate => ({
  key: 'everyone',
  name: t('mention.everyone'),
  callee: { everyone: true },
  person: null,
})

const candidateOf = (person: PersonState): Candidate => ({
  key: String(person.user_id),
  name: nameOf(person),
  callee: { user_id: person.user_id },
  person,
})
