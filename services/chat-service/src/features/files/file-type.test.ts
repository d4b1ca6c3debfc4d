import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { typeOf } from './file-type.ts'

const PLAIN = 'application/octet-stream'
const SVG = 'image/svg+xml'
const text = (of: string) => Buffer.from(of)
const PROGRAM = Buffer.concat([text('MZ'), Buffer.alloc(100)])
const GZIP = Buffer.from('1f8b0800000000000003', 'hex')
const BITMAP = Buffer.concat([text('BM'), Buffer.alloc(60)])

describe('typeOf', () => {
  const kept: [string, Buffer, string, string, string][] = [
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), SVG, PLAIN, '.svg'],
    ['SVG behind comments', text('\ufeff <!-- a --> <!---->\n<svg>'), SVG, PLAIN, '.svg'],
    ['SVG with a document type', text('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "">'), SVG, PLAIN, '.svg'],
    ['SVG with an XML declaration', text('<?xml version="1.0"?>\n<svg>'), SVG, PLAIN, '.svg'],
    ['packed SVG', GZIP, SVG, PLAIN, '.svgz'],
    ['XML, which could be a page', text('<?xml version="1.0"?>\n<html>'), 'text/xml', PLAIN, '.xml'],
    ['a bitmap', BITMAP, 'image/bmp', 'image/bmp', '.bmp'],
    ['a bitmap that nobody claims', BITMAP, PLAIN, 'image/bmp', '.bmp'],
    ['a bitmap that is said to be a JPEG, as pictures often are', BITMAP, 'image/jpeg', 'image/bmp', '.bmp'],
    ['a format without a signature', Buffer.alloc(50), 'image/x-tga', PLAIN, ''],
    ['a program that hides nothing', PROGRAM, PLAIN, 'application/x-msdownload', '.exe'],
    ['text', text('글'), 'text/plain', 'text/plain', '.txt'],
    ['text that is none', Buffer.alloc(3), 'text/plain', PLAIN, ''],
  ]
  for (const [what, bytes, claimed, type, extension] of kept)
    it(what, async () => assert.deepEqual(await typeOf(bytes, claimed), { type, extension }))

  const lies: [string, Buffer, string, string, Record<string, string>][] = [
    ['a program', PROGRAM, 'image/png', 'FILE_UNREADABLE', { claimed: 'PNG', found: 'EXE' }],
    ['a program', PROGRAM, 'IMAGE/X-PNG; a=b', 'FILE_UNREADABLE', { claimed: 'PNG', found: 'EXE' }],
    ['a program', PROGRAM, SVG, 'FILE_UNREADABLE', { claimed: 'SVG', found: 'EXE' }],
    ['text', text('글'), 'image/png', 'FILE_UNRECOGNISED', { claimed: 'PNG' }],
    ['text', text('글'), 'image/vnd.microsoft.icon', 'FILE_UNRECOGNISED', { claimed: 'ICON' }],
    ['a page', text('<html><svg>'), SVG, 'FILE_UNRECOGNISED', { claimed: 'SVG' }],
    ['a page behind a comment', text('<!-- <svg> --><html>'), SVG, 'FILE_UNRECOGNISED', { claimed: 'SVG' }],
    ['half a comment', text('<!-- <svg>'), SVG, 'FILE_UNRECOGNISED', { claimed: 'SVG' }],
  ]
  for (const [what, bytes, claimed, code, params] of lies)
    it(`${what} is no ${claimed}, and both are named`, () =>
      assert.rejects(typeOf(bytes, claimed), (error) => {
        assert.ok(error instanceof AppError)
        assert.deepEqual([error.code, error.details.params], [code, params])
        return true
      }))
})
