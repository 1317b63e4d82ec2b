import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'

/** HTML that went through `cleanHtml`; nothing else may be drawn as HTML. */
export type SafeHtml = string & { readonly safe: unique symbol }

/** Addresses of files that we serve, as the editor writes them: `/comune/allegati/<id>/<name>`. */
const OUR_FILE =
  /^\/[a-z][a-z0-9-]{1,62}\/allegati\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/[\w.%-]{1,200}$/

const HEADINGS = { h1: 'h2', h5: 'h4', h6: 'h4', b: 'strong', i: 'em' } as const

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [
    'h2',
    'h3',
    'h4',
    'p',
    'br',
    'strong',
    'em',
    'u',
    'ul',
    'ol',
    'li',
    'blockquote',
    'a',
    'img',
    'hr',
  ],
  allowedAttributes: { a: ['href', 'hreflang'], img: ['src', 'alt', 'role'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: [] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nonTextTags: [
    'style',
    'script',
    'textarea',
    'option',
    'noscript',
    'title',
    'xml',
    'svg',
    'math',
    'template',
    'iframe',
  ],
  transformTags: Object.fromEntries(Object.entries(HEADINGS).map(([from, to]) => [from, to])),
  exclusiveFilter: (frame) =>
    (frame.tag === 'img' && !OUR_FILE.test(frame.attribs.src ?? '')) ||
    (frame.tag === 'a' && !frame.attribs.href && !frame.text.trim()),
  nestingLimit: 20,
}

const LONGEST_BODY = 200_000

/**
 * What may be shown of the HTML that an editor wrote or pasted: headings from the second level, paragraphs, lists, quotes,
 * links, pictures of our own. No script, style, class, frame, form or foreign picture survives. Cleaning twice changes nothing.
 */
export function cleanHtml(html: string): SafeHtml {
  const clean = sanitizeHtml(html.slice(0, LONGEST_BODY), OPTIONS)
    .replace(/<p>(?:\s|&nbsp;|<br \/>)*<\/p>/g, '')
    .trim()
  return clean as SafeHtml
}

type Visitor = {
  open?: (tag: string, attributes: Record<string, string>) => void
  close?: (tag: string) => void
  text?: (text: string) => void
}

/** Walks through a clean body in reading order. Text and attributes arrive as people read them, without entities. */
export function walkHtml(body: SafeHtml, { open, close, text }: Visitor): void {
  const parser = new Parser({ onopentag: open, onclosetag: close, ontext: text })
  parser.end(body)
}

/** The ids of the pictures that a clean body shows. */
export function picturesIn(body: SafeHtml): string[] {
  const ids = new Set<string>()
  walkHtml(body, {
    open: (tag, attributes) => {
      const id = tag === 'img' ? OUR_FILE.exec(attributes.src ?? '')?.[1] : undefined
      if (id) ids.add(id)
    },
  })
  return [...ids]
}

/** The files of a version of a text, in order: its attachments, then the pictures that only the text shows. */
export function filesOfVersion(
  body: SafeHtml,
  attachments: readonly { id: string; title: string }[],
): { id: string; title: string; role: 'attachment' | 'image' }[] {
  const attached = new Set(attachments.map((file) => file.id))
  return [
    ...attachments.map((file) => ({ ...file, role: 'attachment' as const })),
    ...picturesIn(body)
      .filter((picture) => !attached.has(picture))
      .map((picture) => ({ id: picture, title: '', role: 'image' as const })),
  ]
}

/** The headings that a body may have. */
export const HEADING_LEVELS: Readonly<Record<string, number>> = { h2: 2, h3: 3, h4: 4 }
const ENDS_WORDS = new Set(['p', 'h2', 'h3', 'h4', 'li', 'blockquote', 'br'])

/**
 * The words of a clean body, without marks: for feeds, descriptions and reading time.
 * @param options.endsHeadings puts a full stop after a heading: in one row it would run into the sentence that follows
 */
export function plainText(body: SafeHtml, { endsHeadings = false } = {}): string {
  let words = ''
  walkHtml(body, {
    text: (text) => {
      words += text
    },
    close: (tag) => {
      if (endsHeadings && tag in HEADING_LEVELS && !/[.!?:…]$/.test(words)) words += '.'
      if (ENDS_WORDS.has(tag)) words += ' '
    },
  })
  return words.replace(/\s+/g, ' ').trim()
}

const WORDS_PER_MINUTE = 180

/** Whole minutes, at least one. */
export const readingMinutes = (body: SafeHtml): number =>
  Math.max(1, Math.round(plainText(body).split(' ').length / WORDS_PER_MINUTE))
