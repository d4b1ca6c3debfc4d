import { timeOfDay } from '@bigtech/kernel/periods'
import { CHANNELS, type Channel, type PushKind } from '../contract/kinds.ts'
import type { Language } from './text.ts'

export type QuietHours = Readonly<{ from: string; to: string; time_zone: string }>
export type Settings = Readonly<{
  kinds: Readonly<Record<PushKind, Readonly<Partial<Record<Channel, boolean>>>>>
  show_text: boolean
  sound: boolean
  quiet_hours: QuietHours | null
  /** A mail of what was missed, once a day at most. */
  digest: boolean
  /** Of mails; null: all that there are. */
  language: Language | null
}>

export type SettingsChange = Readonly<{
  kinds?: Readonly<Partial<Record<PushKind, Readonly<Partial<Record<Channel, boolean>>>>>>
  show_text?: boolean
  sound?: boolean
  quiet_hours?: QuietHours | null
  digest?: boolean
  language?: Language | null
}>

const PUSH_KINDS = Object.keys(CHANNELS) as PushKind[]

export const DEFAULT_SETTINGS: Settings = {
  kinds: Object.fromEntries(
    PUSH_KINDS.map((kind) => [kind, Object.fromEntries(CHANNELS[kind].map((channel) => [channel, true]))]),
  ) as Settings['kinds'],
  show_text: true,
  sound: true,
  quiet_hours: null,
  digest: false,
  language: null,
}

/** What is left out stays as it is; a kind or way that settings of an older version do not have is as by default. */
export function changed(settings: SettingsChange, change: SettingsChange): Settings {
  const { kinds = {}, ...rest } = change
  const before = { ...DEFAULT_SETTINGS, ...settings }
  return {
    ...before,
    ...rest,
    kinds: Object.fromEntries(
      PUSH_KINDS.map((kind) => [kind, { ...DEFAULT_SETTINGS.kinds[kind], ...before.kinds[kind], ...kinds[kind] }]),
    ) as Settings['kinds'],
  }
}

export const mayPush = ({ kinds }: Settings, kind: PushKind): boolean => kinds[kind].push === true
export const mayMail = ({ kinds }: Settings, kind: PushKind): boolean => kinds[kind].mail === true
/** What concerns the safety of the account cannot be refused. */
export const mayList = ({ kinds }: Settings, kind: PushKind): boolean => kinds[kind].in_app !== false

/** @param at ms since the epoch */
export function isQuiet(quiet: QuietHours | null, at: number): boolean {
  if (!quiet) return false
  const { from, to, time_zone } = quiet
  if (from === to) return true
  const now = timeOfDay(at, time_zone)
  return from < to ? now >= from && now < to : now >= from || now < to
}

/** Where somebody is, as far as they have said; most are here. */
export const zoneOf = ({ quiet_hours }: Pick<SettingsChange, 'quiet_hours'>): string =>
  quiet_hours?.time_zone ?? 'Asia/Seoul'
