import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import { endless, fails, speechToTextContract } from '../speech-to-text.contract.ts'
import { voice } from '../voice.fixture.ts'
import { SAID, type Behaviour } from './behaviour.fixture.ts'
import { runsHere } from './machine.ts'
import { createWhisper, type WhisperOptions } from './whisper.ts'

const skip = (await runsHere())
  ? false
  : 'the addon of Whisper is not for this machine (Linux x64 with glibc and AVX2, or macOS)'
const korean = (signal = endless()) => ({ language: 'ko-KR', signal })

/** A recogniser with children that do as they are told. */
function open(t: TestContext, options: Partial<WhisperOptions> = {}) {
  const modelFile = join(tempDir(t), 'model.bin')
  const behave = (how: Behaviour) => writeFileSync(modelFile, `lmgg${how}`)
  behave('speak')
  const speech = createWhisper({ modelFile, program: new URL('./child.fixture.ts', import.meta.url), ...options })
  t.after(() => speech.close())
  /** Resolves when a child has taken up what it was told. */
  const taken = () => eventually(() => assert.equal(readFileSync(modelFile, 'utf8'), 'lmggspeak'))
  return { speech, behave, taken, modelFile }
}

suite('Whisper in a child', { skip }, () => {
  speechToTextContract('Whisper', (t) => {
    const { speech, behave, taken } = open(t)
    return Promise.resolve({
      speech,
      said: SAID,
      stall() {
        behave('hang')
        return taken()
      },
      fail: () => behave('die'),
    })
  })

  test('one child serves recording after recording, and ends when there is nothing to do', async (t) => {
    const { speech } = open(t, { idleMs: 200 })
    assert.equal(speech.pid(), undefined)
    await speech.transcribe(voice(1), korean())
    const first = speech.pid()
    await speech.transcribe(voice(1), korean())
    assert.equal(speech.pid(), first)
    await eventually(() => assert.equal(speech.pid(), undefined))
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
    assert.notEqual(speech.pid(), first)
  })

  test('a child that is killed in the middle fails its recording, and the next has a new one', async (t) => {
    const { speech, behave, taken } = open(t)
    behave('hang')
    const under = assert.rejects(speech.transcribe(voice(1), korean()), fails('died'))
    await taken()
    process.kill(speech.pid()!, 'SIGKILL')
    await under
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
  })

  test('a child that takes longer than its recording allows is ended', async (t) => {
    const { speech, behave } = open(t, { limits: { baseMs: 100, perAudioSecondMs: 50, loadMs: 30_000 } })
    behave('hang')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('timeout'))
    assert.equal(speech.pid(), undefined)
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
  })

  const noMemory = process.platform === 'linux' ? false : 'only Linux tells the memory of another process'
  test('a child that grows beyond its memory is ended', { skip: noMemory }, async (t) => {
    const { speech, behave } = open(t, { maxRssBytes: 300e6 })
    behave('grow')
    await assert.rejects(speech.transcribe(voice(1), korean()), (error: Error) => {
      assert.match(error.message, /had \d+ MB/)
      return fails('died')(error)
    })
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
  })

  test('a processor without the instructions of the addon is told as such, and asked no more', async (t) => {
    const { speech, behave } = open(t)
    behave('illegal')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('died'))
    assert.equal(await speech.state(), 'unsupported')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
  })

  test('an addon that does not load makes it unsupported', async (t) => {
    const { speech, behave } = open(t)
    behave('unsupported')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
    assert.equal(await speech.state(), 'unsupported')
  })

  test('a file that the addon cannot use is unavailable, until there is another', async (t) => {
    const { speech, behave } = open(t)
    behave('unusable')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
    behave('speak')
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
  })

  test('a file that cannot be loaded is not called ready, and is not loaded again until there is another', async (t) => {
    const { speech, behave } = open(t)
    behave('unusable')
    assert.equal(await speech.state(), 'no_model')
    assert.equal(speech.pid(), undefined)
    assert.equal(await speech.state(), 'no_model')
    behave('speak')
    assert.deepEqual(await Promise.all([speech.state(), speech.state()]), ['ready', 'ready'])
    const tried = speech.pid()
    assert.equal((await speech.transcribe(voice(1), korean())).text, SAID)
    assert.equal(speech.pid(), tried, 'what was loaded to try it is used')
    behave('unusable')
    assert.equal(await speech.state(), 'no_model', 'put in the place of one that is loaded')
  })

  test('knows the languages of the model, and no others', (t) => {
    const { speech } = open(t)
    for (const language of ['ko-KR', 'ko', 'EN-us', 'yue-HK']) assert.ok(speech.knows(language), language)
    for (const language of ['xx-YY', 'kor', '']) assert.ok(!speech.knows(language), language)
  })

  test('without a model, or with something else in its place, it says so', async (t) => {
    const { speech, modelFile } = open(t)
    writeFileSync(modelFile, '<html>not found</html>')
    assert.equal(await speech.state(), 'no_model')
    await assert.rejects(speech.transcribe(voice(1), korean()), fails('unavailable'))
    assert.equal(await createWhisper({ modelFile: `${modelFile}.none` }).state(), 'no_model')
  })

  test('a loop is said once', async (t) => {
    const { speech, behave } = open(t)
    behave('loop')
    assert.equal((await speech.transcribe(voice(1), korean())).text, '회의실')
  })
})
