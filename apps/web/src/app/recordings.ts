import { t } from '../i18n/index.ts'
import { confirmed } from './feedback.ts'

/** Voices that are being recorded, and whether their speaker has agreed to lose them. */
const running = new Map<symbol, boolean>()

export const recordingBegan = (mark: symbol): void => void running.set(mark, false)
export const recordingEnded = (mark: symbol): void => void running.delete(mark)

/** Whether leaving loses nothing that was not given up. */
export const mayLeave = (): boolean => [...running.values()].every(Boolean)

/** Asks before a recording is lost, which goes on meanwhile. @returns whether one may leave */
export async function giveUp(): Promise<boolean> {
  if (mayLeave()) return true
  const yes = await confirmed({
    title: t('voice.discard'),
    text: t('voice.discard.text'),
    confirm: t('voice.discard'),
    danger: true,
  })
  if (yes) for (const mark of running.keys()) running.set(mark, true)
  return yes
}
