import type { Contacts } from '../ports.ts'

/** Of Korea, from general knowledge: check them before you run this for others. An installation elsewhere has its own. */
export const CONTACTS: Contacts = {
  ko: [
    { number: '109', name: '자살예방 상담전화 (24시간)' },
    { number: '1577-0199', name: '정신건강 위기상담전화 (24시간)' },
    { number: '119', name: '응급·구조', emergency: true },
    { number: '112', name: '경찰' },
  ],
  en: [
    { number: '109', name: 'Suicide prevention line (24 hours, Korea)' },
    { number: '1577-0199', name: 'Mental health crisis line (24 hours, Korea)' },
    { number: '119', name: 'Ambulance and rescue', emergency: true },
    { number: '112', name: 'Police' },
  ],
}
