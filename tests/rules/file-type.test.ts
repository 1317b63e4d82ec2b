import { describe, expect, test } from 'vitest'
import { fileTypeOf, safeFileName, titleFromName } from '#lib/files/file-type.ts'
import { formatSize } from '#lib/words/format-number.ts'
import fc from '#tests/support/random.ts'

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)),
  )
/** A zip as far as its first entry and the names inside go. */
const zip = (...names: string[]) =>
  bytes(
    'PK\x03\x04',
    new Array(26).fill(0),
    ...names.flatMap((name) => [name, 'PK\x03\x04', new Array(26).fill(0)]),
  )

describe('a file has the type of its bytes', () => {
  test.each([
    ['pdf', bytes('%PDF-1.7\n')],
    ['png', bytes([0x89], 'PNG\r\n\x1a\n')],
    ['jpg', bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['webp', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 ')],
    ['docx', zip('[Content_Types].xml', 'word/document.xml')],
    ['xlsx', zip('[Content_Types].xml', 'xl/workbook.xml')],
    ['odt', zip('mimetypeapplication/vnd.oasis.opendocument.text', 'content.xml')],
    ['ods', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'content.xml')],
    [
      'p7m',
      bytes([0x30, 0x82, 0x10, 0x00, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]),
    ],
  ])('%s', (type, content) => {
    expect(fileTypeOf(content)).toBe(type)
  })

  test.each([
    ['a page', bytes('<!doctype html><script>alert(1)</script>')],
    ['a drawing that runs', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a Windows program', bytes('MZ\x90\x00')],
    ['a Linux program', bytes('\x7fELF')],
    ['a script', bytes('#!/bin/sh\nrm -rf /')],
    ['an archive of anything', zip('setup.exe')],
    ['a Word document with macros', zip('[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin')],
    [
      'an OpenDocument with macros',
      zip('mimetypeapplication/vnd.oasis.opendocument.text', 'Basic/Standard/Module1.xml'),
    ],
    ['an old Word document, which may hide macros', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
    ['a PDF that starts with something else', bytes('<html>%PDF-1.7')],
    ['a certificate that is no signed envelope', bytes([0x30, 0x82, 0x10, 0x00, 0x02, 0x01])],
    ['plain text', bytes('ciao')],
    ['nothing', bytes()],
  ])('%s is refused', (_, content) => {
    expect(fileTypeOf(content)).toBeNull()
  })
})

describe('the name of a file', () => {
  test('gets the extension that its bytes deserve', () => {
    expect(safeFileName('Modulo Privacy (2026).exe', 'pdf')).toBe('modulo-privacy-2026.pdf')
    expect(safeFileName('../../etc/passwd', 'png')).toBe('passwd.png')
    expect(safeFileName('C:\\Utenti\\Perché è così.docx', 'docx')).toBe('perche-e-cosi.docx')
    expect(safeFileName('Delibera 12.pdf.p7m', 'p7m')).toBe('delibera-12.pdf.p7m')
    expect(safeFileName('.htaccess', 'jpg')).toBe('file.jpg')
  })

  test('is always safe in an address and in a header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'aZ09 -._/\\"<>éÈß\u0000🍎'), maxLength: 120 }),
        (name) => /^[a-z0-9][a-z0-9.-]*\.pdf$/.test(safeFileName(name, 'pdf')),
      ),
    )
  })

  test('proposes a title', () => {
    expect(titleFromName('modulo-privacy-2026.pdf')).toBe('Modulo privacy 2026')
  })
})

test('a size is written as people say it', () => {
  expect([formatSize(900), formatSize(86_016), formatSize(1_258_291)]).toEqual([
    '900 byte',
    '84 kB',
    '1,2 MB',
  ])
})
