import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, ownerOf } from './push-host.ts'

test('names of one owner are one, whatever stands before them; push services of browsers are known', () => {
  const owner = (endpoint: string) => {
    const { name, isOfBrowsers } = ownerOf(hostOf(endpoint))
    return isOfBrowsers ? `browsers: ${name}` : name
  }
  assert.deepEqual(
    [
      'https://fcm.googleapis.com/fcm/send/1',
      'https://db5p.notify.windows.com/w/?token=1',
      'https://web.push.apple.com/1',
      'https://updates.push.services.mozilla.com/wpush/v2/1',
      // No part of a name makes somebody a browser's.
      'https://fcm.googleapis.com.evil.example/1',
      'https://notfcm.googleapis.com/1',
      'https://a.b.EVIL.example.:8443/1',
      'https://evil.example/1',
      'http://127.0.0.1:8080/1',
      'http://[::1]:8080/1',
    ].map(owner),
    [
      'browsers: fcm.googleapis.com',
      'browsers: notify.windows.com',
      'browsers: push.apple.com',
      'browsers: push.services.mozilla.com',
      'evil.example',
      'googleapis.com',
      'evil.example',
      'evil.example',
      '127.0.0.1:8080',
      '[::1]:8080',
    ],
  )
})
