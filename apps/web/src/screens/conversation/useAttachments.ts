import { computed, onScopeDispose, shallowRef, watchEffect } from 'vue'
import { unfinished } from '../../app/unsent.ts'
import { isPicture, sendable } from '../../app/uploads.ts'

export type Attachment = Readonly<{ id: number; file: File; preview: string | undefined }>

let serial = 0

/** Files that were chosen, pasted or dropped, until they are sent together or let go of. */
export function useAttachments() {
  const list = shallowRef<readonly Attachment[]>([])
  const mark = Symbol('attachments')

  const drop = ({ preview }: Attachment) => preview && URL.revokeObjectURL(preview)
  const clear = () => {
    list.value.forEach(drop)
    list.value = []
  }
  watchEffect(() => (list.value.length > 0 ? unfinished.add(mark) : unfinished.delete(mark)))
  onScopeDispose(() => {
    clear()
    unfinished.delete(mark)
  })

  return {
    list: computed(() => list.value),
    async add(files: Iterable<File>): Promise<void> {
      const chosen = (await sendable(files)).map((file) => {
        const preview = isPicture(file) ? URL.createObjectURL(file) : undefined
        return { id: ++serial, file, preview }
      })
      list.value = [...list.value, ...chosen]
    },
    remove(id: number): void {
      list.value.filter((one) => one.id === id).forEach(drop)
      list.value = list.value.filter((one) => one.id !== id)
    },
    move(from: number, to: number): void {
      const moved = [...list.value]
      const [one] = moved.splice(from, 1)
      if (!one || to < 0 || to > moved.length) return
      moved.splice(to, 0, one)
      list.value = moved
    },
    clear,
  }
}
