import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './address.ts'

test('addresses of one subscriber are one for limits', () => {
  const table = [
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0003::', '2001:db8:1:3::/64'],
    ['unknown', 'unknown'],
  ] as const
  for (const [address, network] of table) assert.equal(networkOf(address), network, address)
})
