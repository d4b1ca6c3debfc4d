import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '@bigtech/config'
import { config } from './config.ts'
import { aiPorts } from './profiles/care.ts'

const namesOf = (env: Record<string, string>): string[] => {
  try {
    config.parse(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map((text) => text.split(' ', 1)[0]!)
  }
}

test('what listens and what is asked need to be told where it is', () => {
  assert.deepEqual(namesOf({}), [])
  assert.deepEqual(namesOf({ CARE_SPEECH: 'openai' }), ['CARE_SPEECH_URL'])
  assert.deepEqual(namesOf({ CARE_SPEECH: 'google' }), ['GCP_PROJECT_ID'])
  assert.deepEqual(namesOf({ CARE_TEXT: 'openai' }), ['CARE_TEXT_URL', 'CARE_TEXT_MODEL'])
  assert.deepEqual(namesOf({ CARE_TEXT: 'vertex' }), ['CARE_TEXT_MODEL', 'GCP_PROJECT_ID'])
  assert.deepEqual(namesOf({ CARE_TEXT: 'vertex', CARE_TEXT_MODEL: 'gemini', GCP_PROJECT_ID: 'p' }), [])
})

test('each is told where what it is given goes', () => {
  const leavesTo = (env: Record<string, string>) => {
    const { speech, textModel } = aiPorts(config.parse(env))
    return [speech.leavesTo, textModel?.leavesTo]
  }
  assert.deepEqual(leavesTo({}), [null, undefined])
  const own = 'http://127.0.0.1:8080/v1'
  assert.deepEqual(
    leavesTo({
      CARE_SPEECH: 'openai',
      CARE_SPEECH_URL: own,
      CARE_TEXT: 'openai',
      CARE_TEXT_URL: own,
      CARE_TEXT_MODEL: 'm',
    }),
    [null, null],
  )
  const google = { CARE_SPEECH: 'google', CARE_TEXT: 'vertex', CARE_TEXT_MODEL: 'gemini', GCP_PROJECT_ID: 'p' }
  assert.deepEqual(leavesTo({ ...google, GCP_SPEECH_LOCATION: 'us-central1' }), [
    'us-central1-speech.googleapis.com',
    'asia-northeast3-aiplatform.googleapis.com',
  ])
  assert.throws(
    () => aiPorts(config.parse({ ...google, GOOGLE_APPLICATION_CREDENTIALS: 'package.json' })),
    /GOOGLE_APPLICATION_CREDENTIALS package.json is no key file/,
  )
})
