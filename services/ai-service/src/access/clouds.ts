import type { Cloud, SpeechToText, TextModel } from '../ports.ts'

const NAMES: Readonly<Record<string, string>> = { google: 'Google', vertex: 'Google' }

/** Where what people hand in would leave this machine to, from the adapters themselves: no setting can forget one. */
export function cloudsOf({ speech, textModel }: Readonly<{ speech: SpeechToText; textModel?: TextModel }>): Cloud[] {
  const all = [
    { what: 'speech', name: speech.name, host: speech.leavesTo },
    { what: 'text', name: textModel?.name ?? '', host: textModel?.leavesTo ?? null },
  ] as const
  const clouds = all.flatMap(({ what, name, host }): Cloud[] =>
    host === null ? [] : [{ what, host, name: NAMES[name] ?? host }],
  )
  // One host is agreed to once.
  return clouds.filter((cloud, index) => clouds.findIndex(({ host }) => host === cloud.host) === index)
}
