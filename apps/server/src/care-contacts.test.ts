import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigError } from '@bigtech/config'
import { tempDir } from '@bigtech/testkit'
import { careContactsProblems, readCareContacts } from './care-contacts.ts'
import { config } from './config.ts'

const contacts = {
  ko: [{ number: '02-123-4567', name: '마을 상담 전화' }],
  en: [{ number: '+82 2 123 4567', name: 'Helpline', emergency: true }],
}

describe('CARE_CONTACTS', () => {
  it('is JSON, or a file of it', (t) => {
    const inline = JSON.stringify(contacts)
    assert.deepEqual([careContactsProblems(undefined), careContactsProblems(inline)], [[], []])
    assert.deepEqual(readCareContacts(inline), contacts)
    const file = join(tempDir(t), 'contacts.json')
    writeFileSync(file, inline)
    assert.deepEqual(careContactsProblems(file), [])
    assert.deepEqual(readCareContacts(file), contacts)
  })

  it('is refused at the start, with a line for what is wrong', (t) => {
    const missing = join(tempDir(t), 'nothing.json')
    for (const [setting, line] of [
      ['{', /^CARE_CONTACTS is no JSON: /],
      [missing, /^CARE_CONTACTS ".*nothing\.json" is no file of JSON: /],
      ['{"ko":[]}', /^CARE_CONTACTS: ko must be a list of 1 to 10 contacts/],
      [JSON.stringify({ ...contacts, en: [{ number: 'call', name: 'x' }] }), /: en\[0\]\.number must be a telephone/],
      [JSON.stringify({ ...contacts, ko: [{ number: '1', name: 'x' }] }), /: ko\[0\]\.number must be/],
      [JSON.stringify({ ...contacts, ko: [{ number: '109', name: ' ' }] }), /: ko\[0\]\.name must be a text/],
      [JSON.stringify({ ...contacts, ko: [{ number: '109', name: 'x', url: 'y' }] }), /: ko\[0\] has an unknown "url"/],
      [JSON.stringify({ ...contacts, ja: [] }), /"ja" is none of its languages/],
    ] as const) {
      assert.match(careContactsProblems(setting)[0]!, line)
      assert.throws(() => config.parse({ CARE_CONTACTS: setting }), (error) => error instanceof ConfigError && line.test(error.problems[0]!)) // prettier-ignore
    }
  })
})
