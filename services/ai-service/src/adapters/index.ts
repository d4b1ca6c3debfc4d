export { isModelFile } from './speech/whisper/machine.ts'
export { createWhisper, type WhisperOptions, type WhisperSpeech } from './speech/whisper/whisper.ts'
