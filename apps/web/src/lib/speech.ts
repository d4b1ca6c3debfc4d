/** Voices come late in some browsers; then one reads for oneself. */
const VOICES_MS = 1_000
/** Some voices end a longer utterance before it is said. */
const LONGEST = 160

async function voiceFor(language: string): Promise<SpeechSynthesisVoice | undefined> {
  if (typeof speechSynthesis === 'undefined') return undefined
  if (speechSynthesis.getVoices().length === 0)
    await new Promise<void>((resolve) => {
      speechSynthesis.addEventListener('voiceschanged', () => resolve(), { once: true })
      setTimeout(resolve, VOICES_MS)
    })
  return speechSynthesis.getVoices().find(({ lang }) => lang.toLowerCase().startsWith(language))
}

/** Korean letters want a Korean voice; an English one would read noise. */
const languageOf = (text: string): string => (/\p{Script=Hangul}/u.test(text) ? 'ko' : 'en')

/** Sentences, cut where they are too long. */
function piecesOf(text: string): string[] {
  return (text.match(/[^.!?…。\n]+[.!?…。\n]*/g) ?? []).flatMap(
    (sentence) => sentence.trim().match(new RegExp(`[^]{1,${LONGEST}}(?=\\s|$)|[^]{1,${LONGEST}}`, 'g')) ?? [],
  )
}

/** Reads a text aloud. @returns whether it was said to its end */
export async function speak(text: string, signal: AbortSignal): Promise<boolean> {
  const voice = await voiceFor(languageOf(text))
  if (!voice) return false
  const stop = () => speechSynthesis.cancel()
  signal.addEventListener('abort', stop)
  try {
    for (const piece of piecesOf(text)) {
      if (signal.aborted || !(await say(piece, voice))) return false
    }
    return !signal.aborted
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function say(text: string, voice: SpeechSynthesisVoice): Promise<boolean> {
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.voice = voice
    utterance.lang = voice.lang
    utterance.rate = 0.9
    utterance.addEventListener('end', () => resolve(true), { once: true })
    utterance.addEventListener('error', () => resolve(false), { once: true })
    speechSynthesis.speak(utterance)
  })
}
