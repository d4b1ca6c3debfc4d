import {
  emptyState,
  roomList,
  totalUnread,
  type ConnectionState,
  type Frame,
  type Outgoing,
  type RoomState,
  type Sync,
  type SyncState,
} from '@bigtech/client'
import { computed, shallowRef, watch } from 'vue'
import { client } from './client.ts'
import { shownName, shownRoom } from './names.ts'
import { createOutbox } from './outbox.ts'
import { onSignOut, session } from './session.ts'
import { toast } from './feedback.ts'
import { t } from '../i18n/index.ts'

/** The live state of rooms and messages. Screens read it; it changes at most once a frame however much arrives. */
const state = shallowRef<SyncState>(emptyState)
const connection = shallowRef<ConnectionState>({ status: 'connecting' })
const sync = shallowRef<Sync>()
const frameListeners = new Set<(frame: Frame) => void>()

watch(
  () => session.status === 'in',
  (signedIn) => (signedIn ? start() : stop()),
)

function start(): void {
  const opened = client.sync({
    outbox: createOutbox(session.me!.id, onOutboxTrouble),
    onState: (next) => (connection.value = next),
    onFrame: (frame) => frameListeners.forEach((listener) => listener(frame)),
  })
  let scheduled = false
  opened.subscribe(() => {
    if (scheduled) return
    scheduled = true
    soon(() => {
      scheduled = false
      state.value = opened.state
    })
  })
  sync.value = opened
}

// From then on nothing of the account is sent or kept.
onSignOut(() => sync.value?.close())

let troubled = false

/** Said once: from then on what is unsent lives as long as this page. */
function onOutboxTrouble(error: unknown): void {
  if (troubled) return
  troubled = true
  const full = error instanceof DOMException && error.name === 'QuotaExceededError'
  toast('info', t(full ? 'outbox.full' : 'outbox.none'))
}

function stop(): void {
  sync.value?.close()
  sync.value = undefined
  state.value = emptyState
}

/** Before the next picture; a page nobody looks at has none, so its title and its notifications come from a timer. */
function soon(work: () => void): void {
  if (document.visibilityState === 'visible') requestAnimationFrame(work)
  else setTimeout(work, 250)
}

const rooms = computed(() => roomList(state.value).map(shownRoom))
const unread = computed(() => totalUnread(state.value))
/** Messages that wait for the network, in all rooms. */
const waiting = computed(() => rooms.value.reduce((sum, room) => sum + room.outgoing.filter(isWaiting).length, 0))

const isWaiting = ({ status }: Outgoing): boolean => status !== 'sent' && status !== 'failed'

export const chat = {
  state,
  connection,
  rooms,
  unread,
  waiting,
  get sync(): Sync {
    if (!sync.value) throw new Error('nobody is signed in')
    return sync.value
  },
  active: computed(() => sync.value !== undefined),
  room(id: number): RoomState | undefined {
    const room = state.value.rooms.get(id)
    return room && shownRoom(room)
  },
  /** The other one of a direct room. */
  partnerOf: (room: RoomState): number | undefined =>
    room.type === 'direct' ? [...(room.members?.keys() ?? [])].find((id) => id !== state.value.me) : undefined,
  /** As it is said in the language of the page. */
  personName(id: number): string | undefined {
    const name = state.value.people.get(id)?.display_name
    return name === undefined ? undefined : shownName(name)
  },
  /** @returns ends it */
  onFrame(listener: (frame: Frame) => void): () => void {
    frameListeners.add(listener)
    return () => void frameListeners.delete(listener)
  },
}
