/**
 * What travels through the broker on a channel: one frame for the clients of the channel, or an instruction for the hubs.
 * Fields are lines; JSON text has no raw line breaks.
 */
export type FrameEnvelope = Readonly<{
  /** The frame as clients get it (JSON text). */
  json: string
  /** Resume token after this frame; empty for frames that do not move it (typing, presence). */
  token: string
  /** Subscribers whose floor is at or above get `alternative` instead, if any (the frame is about something before their time). */
  level: number
  alternative: string
}>

export type Control =
  | Readonly<{ op: 'join'; channel: string; floor: number }>
  | Readonly<{ op: 'leave'; channel: string }>

/** Above every floor: everybody gets the frame. */
export const EVERYBODY = Number.MAX_SAFE_INTEGER

export const frameEnvelope = (json: string, token = '', level = EVERYBODY, alternative = ''): string =>
  `F\n${level}\n${token}\n${alternative}\n${json}`

export const controlEnvelope = (control: Control): string => `C\n${JSON.stringify(control)}`

export function parseEnvelope(text: string): { frame: FrameEnvelope } | { control: Control } {
  if (text.startsWith('C')) return { control: JSON.parse(text.slice(2)) as Control }
  // By position: to split would copy the frame's text.
  const levelEnd = text.indexOf('\n', 2)
  const tokenEnd = text.indexOf('\n', levelEnd + 1)
  const alternativeEnd = text.indexOf('\n', tokenEnd + 1)
  const frame = {
    level: Number(text.slice(2, levelEnd)),
    token: text.slice(levelEnd + 1, tokenEnd),
    alternative: text.slice(tokenEnd + 1, alternativeEnd),
    json: text.slice(alternativeEnd + 1),
  }
  return { frame }
}
