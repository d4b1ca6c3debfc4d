import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withParticle } from './particle.ts'

test('the particle follows the sound of the word before it', () => {
  const cases: [string, Parameters<typeof withParticle>[1], string][] = [
    ['팀', '으로/로', '팀으로'],
    ['회의', '으로/로', '회의로'],
    ['서울', '으로/로', '서울로'],
    ['관리자', '으로/로', '관리자로'],
    ['방장', '으로/로', '방장으로'],
    ['이지우', '을/를', '이지우를'],
    ['김민수', '이/가', '김민수가'],
    ['박지민', '와/과', '박지민과'],
    ['2026', '으로/로', '2026으로'],
    ['1반 8', '으로/로', '1반 8로'],
    ['5', '을/를', '5를'],
    ['Team', '으로/로', 'Team으로'],
    ["'주말'", '으로/로', "'주말'로"],
    ['가족🎉', '으로/로', '가족🎉으로'],
    ['🎉', '으로/로', '🎉로'],
  ]
  for (const [word, pair, whole] of cases) assert.equal(withParticle(word, pair), whole)
})
