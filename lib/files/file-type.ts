import { formatSize } from '#lib/words/format-number.ts'
import { italian, type Phrase, phrase, properName, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'

/** What may be uploaded, by what its bytes are. Nothing that a browser or an office program would run. */
const TYPES = {
  pdf: { mediaType: 'application/pdf', words: properName('PDF') },
  png: { mediaType: 'image/png', words: properName('PNG') },
  jpg: { mediaType: 'image/jpeg', words: properName('JPEG') },
  webp: { mediaType: 'image/webp', words: properName('WebP') },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    words: properName('Word (DOCX)'),
  },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    words: properName('Excel (XLSX)'),
  },
  odt: { mediaType: 'application/vnd.oasis.opendocument.text', words: properName('OpenDocument (ODT)') },
  ods: {
    mediaType: 'application/vnd.oasis.opendocument.spreadsheet',
    words: properName('OpenDocument (ODS)'),
  },
  p7m: { mediaType: 'application/pkcs7-mime', words: phrase('firmato digitalmente (P7M)') },
} as const

export type FileType = keyof typeof TYPES

export const MOST_BYTES = 8 * 1024 * 1024
/** For `<input accept>`. */
export const ACCEPTED = Object.keys(TYPES)
  .map((extension) => `.${extension}`)
  .join(',')
export const ACCEPTED_PICTURES = '.png,.jpg,.jpeg,.webp'

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte)

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))

const ZIP = [0x50, 0x4b, 0x03, 0x04]
const SIGNED_DATA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]

/** Office documents are zips: which one is told by the names inside, which a zip stores as they are. */
function officeType(bytes: Uint8Array): FileType | null {
  const names = new TextDecoder('latin1').decode(bytes)
  if (/vbaProject\.bin|vbaData\.xml|oleObject|activeX\//i.test(names)) return null
  const opening = names.slice(30, 200)
  if (
    opening.startsWith('mimetypeapplication/vnd.oasis.opendocument.text') &&
    !/Basic\/|Scripts\//.test(names)
  ) {
    return opening.startsWith('mimetypeapplication/vnd.oasis.opendocument.text-') ? null : 'odt'
  }
  if (
    opening.startsWith('mimetypeapplication/vnd.oasis.opendocument.spreadsheet') &&
    !/Basic\/|Scripts\//.test(names)
  ) {
    return 'ods'
  }
  if (!names.includes('[Content_Types].xml')) return null
  if (names.includes('word/document.xml')) return 'docx'
  return names.includes('xl/workbook.xml') ? 'xlsx' : null
}

/** A DER sequence that says, near its start, that it is a signed envelope (the `.p7m` of Italian offices). */
const isSignedEnvelope = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x30 && [2, 3, 4, 5, 6].some((at) => startsWith(bytes, SIGNED_DATA, at))

/**
 * What a file is, by its bytes alone; null for what is not on the list.
 * Documents with macros are not on it, and neither are SVG and HTML, under any name.
 */
export function fileTypeOf(bytes: Uint8Array): FileType | null {
  if (startsWith(bytes, ascii('%PDF-'))) return 'pdf'
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpg'
  if (startsWith(bytes, ascii('RIFF')) && startsWith(bytes, ascii('WEBP'), 8)) return 'webp'
  if (startsWith(bytes, ZIP)) return officeType(bytes)
  return isSignedEnvelope(bytes) ? 'p7m' : null
}

export const mediaTypeOf = (type: FileType): string => TYPES[type].mediaType

export const wordsOfType = (type: FileType): Phrase => TYPES[type].words

const byMediaType = (mediaType: string) => Object.values(TYPES).find((type) => type.mediaType === mediaType)

/** "PDF", "Word (DOCX)" … */
export const mediaTypeInWords = (mediaType: string, t: Words = italian): string =>
  t(byMediaType(mediaType)?.words ?? phrase('File'))

export const isPicture = (mediaType: string): boolean => mediaType.startsWith('image/')

/** "PDF, 84 kB" */
export const fileSummary = (file: { mediaType: string; size: number }, t: Words = italian): string =>
  inARow([mediaTypeInWords(file.mediaType, t), formatSize(file.size, t.language)], t)

const LAST_EXTENSION = /\.[^.]*$/

/**
 * A name that is safe in an address, a header and a folder, with the extension that the bytes deserve:
 * "..\\Modulo Privacy.exe" of a PDF → "modulo-privacy.pdf". A signed envelope keeps the extension of what it holds.
 */
export function safeFileName(name: string, type: FileType): string {
  const last = (name.split(/[/\\]/).at(-1) ?? '').replace(LAST_EXTENSION, '')
  const inner = type === 'p7m' ? (/\.(pdf|docx|xlsx|odt|ods|xml)$/i.exec(last)?.[0].toLowerCase() ?? '') : ''
  const stem = last
    .replace(LAST_EXTENSION, (ending) => (inner ? '' : ending))
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-|-$/g, '')
  return `${stem || 'file'}${inner}.${type}`
}

/** "modulo-privacy-2026.pdf" → "Modulo privacy 2026": a first proposal for the title of an attachment. */
export const titleFromName = (name: string): string => {
  const words = name
    .replace(/\.[^.]*$/, '')
    .replace(/[-_]+/g, ' ')
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Where a file is read from: always our own origin. */
export const filePath = (municipalitySlug: string, file: { id: string; name: string }): string =>
  `/${municipalitySlug}/allegati/${file.id}/${file.name}`
