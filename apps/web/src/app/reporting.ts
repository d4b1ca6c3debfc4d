import { shallowReactive } from 'vue'

export type Reported = {
  person: { user_id: number; display_name: string }
  /** The message it is about, if it is about one. */
  messageId?: string
}

/** Who is to be reported; the dialog is open while somebody is. */
export const reporting = shallowReactive<{ subject: Reported | undefined }>({ subject: undefined })

export const reportPerson = (subject: Reported): void => void (reporting.subject = subject)
