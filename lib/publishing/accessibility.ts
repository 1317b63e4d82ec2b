import { trimEndOf } from '#lib/kernel/trim.ts'
import { HEADING_LEVELS, type SafeHtml, walkHtml } from './safe-html.ts'

/** Something to put right: `blocking` stops the publication, `advice` does not. `quote` is the place, in the text's own words. */
export type AccessibilityFinding = { level: 'blocking' | 'advice'; rule: FindingRule; quote: string }

const SENTENCES = {
  'title-short':
    'Il titolo è troppo corto: chi lo legge da solo, in un elenco, deve capire di che cosa si parla.',
  'title-capitals': 'Il titolo è tutto maiuscolo: scrivilo come una frase normale, si legge meglio.',
  'summary-missing':
    'Manca la descrizione breve: è la riga che si legge negli elenchi e nei motori di ricerca.',
  'nothing-inside': 'Non c’è niente da leggere: scrivi il testo oppure allega un file.',
  'heading-order':
    'Un titolo salta un livello: dopo un “Titolo” viene un “Sottotitolo”, non un livello più in basso.',
  'heading-empty': 'C’è un titolo vuoto: cancellalo.',
  'link-vague':
    'Il testo di un collegamento non dice dove porta: al posto di “clicca qui” scrivi che cosa si apre.',
  'link-empty': 'C’è un collegamento senza testo: chi ascolta la pagina non saprebbe che esiste.',
  'link-address': 'Un collegamento mostra un indirizzo invece di parole: scrivi che cosa si apre.',
  'picture-alt-missing': 'Un’immagine non ha la descrizione: scrivila, oppure indica che è solo decorativa.',
  'picture-alt-name': 'La descrizione di un’immagine è il nome del file: scrivi che cosa si vede.',
  'attachment-title':
    'Il nome di un allegato non dice che cosa contiene: per esempio “Modulo privacy 2026/2027”.',
  'fake-heading': 'Una riga tutta in grassetto sembra un titolo ma non lo è: usa “Titolo” dalla barra.',
  'fake-list': 'Alcune righe cominciano con un trattino: usa “Elenco puntato” dalla barra.',
  'text-capitals': 'Un paragrafo è tutto maiuscolo: si legge a fatica.',
  'only-attachment': 'C’è solo un allegato: se puoi, scrivi anche nel testo le informazioni più importanti.',
} as const

export type FindingRule = keyof typeof SENTENCES

export const findingInWords = (finding: AccessibilityFinding): string => SENTENCES[finding.rule]

/** What is checked: the words, and the names of what is attached. */
export type Checked = {
  title: string
  summary: string
  body: SafeHtml
  attachments: readonly { title: string }[]
}

/** A link text, alone, that says nothing of where it leads. */
const VAGUE = new Set(
  `qui|clicca|clicca qui|cliccare qui|cliccando qui|premi qui|a questo link|questo link|link|al link|vai|vai al link|leggi|leggi qui
  |leggi tutto|leggi di più|scopri di più|di più|altro|continua|scarica|scarica qui|download|apri|vedi|vedi qui|pagina|file|allegato
  |questa pagina|here|click here|read more`
    .split('|')
    .map((words) => words.trim()),
)
const ADDRESS = /^(https?:\/\/|www\.)\S+$/i
const FILE_NAME =
  /^[\w\-. ()]+\.(jpe?g|png|gif|webp|pdf|docx?|xlsx?|odt|ods|p7m)$|^(img|dsc|screenshot|scan|foto|image)[\d _-]*$/i
const SHORTEST_TITLE = 8

const tidy = (text: string): string => text.replace(/[\s\u00a0]+/g, ' ').trim()
const ENDS_OF_A_LINK = '.:;,!?»«“”"\'’>… '
const bare = (text: string): string =>
  trimEndOf(tidy(text).toLowerCase(), ENDS_OF_A_LINK).replace(/^[«»“”"'>\s]+/g, '')
const isShouted = (text: string): boolean => {
  const letters = text.replace(/\P{Letter}/gu, '')
  return letters.length > 12 && letters === letters.toUpperCase()
}

type Element = {
  tag: string
  attributes: Record<string, string>
  text: string
  boldText: string
  hasPicture: boolean
}

/** The elements of a body in the order they open, each with the text inside. */
function elementsOf(body: SafeHtml): Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  walkHtml(body, {
    open: (tag, attributes) => {
      const element = { tag, attributes, text: '', boldText: '', hasPicture: false }
      elements.push(element)
      if (tag === 'img' && attributes.alt) for (const outer of open) outer.hasPicture = true
      open.push(element)
    },
    close: () => void open.pop(),
    text: (text) => {
      const bold = open.some((element) => element.tag === 'strong')
      for (const element of open) {
        element.text += text
        if (bold) element.boldText += text
      }
    },
  })
  return elements
}

const headingFindings = (elements: Element[]): AccessibilityFinding[] => {
  const findings: AccessibilityFinding[] = []
  let level = 1
  for (const { tag, text } of elements) {
    const here = HEADING_LEVELS[tag]
    if (!here) continue
    if (!tidy(text)) findings.push({ level: 'blocking', rule: 'heading-empty', quote: '' })
    else if (here > level + 1) findings.push({ level: 'blocking', rule: 'heading-order', quote: tidy(text) })
    level = here
  }
  return findings
}

function linkFinding({ text, hasPicture }: Element): AccessibilityFinding | null {
  const words = bare(text)
  if (!words) return hasPicture ? null : { level: 'blocking', rule: 'link-empty', quote: '' }
  if (VAGUE.has(words)) return { level: 'blocking', rule: 'link-vague', quote: tidy(text) }
  return ADDRESS.test(tidy(text)) ? { level: 'advice', rule: 'link-address', quote: tidy(text) } : null
}

function pictureFinding({ attributes }: Element): AccessibilityFinding | null {
  const alt = tidy(attributes.alt ?? '')
  if (!alt) {
    const decorative = attributes.role === 'presentation'
    return decorative
      ? null
      : { level: 'blocking', rule: 'picture-alt-missing', quote: fileNameIn(attributes.src) }
  }
  return FILE_NAME.test(alt) ? { level: 'blocking', rule: 'picture-alt-name', quote: alt } : null
}

const fileNameIn = (src = ''): string => src.slice(src.lastIndexOf('/') + 1)

function paragraphFinding({ text, boldText }: Element): AccessibilityFinding | null {
  const words = tidy(text)
  if (/^[-–—•*·]\s+\S/.test(words)) return { level: 'advice', rule: 'fake-list', quote: words }
  if (words && words === tidy(boldText) && words.length < 80)
    return { level: 'advice', rule: 'fake-heading', quote: words }
  return isShouted(words) ? { level: 'advice', rule: 'text-capitals', quote: words } : null
}

const CHECKS: Record<string, (element: Element) => AccessibilityFinding | null> = {
  a: linkFinding,
  img: pictureFinding,
  p: paragraphFinding,
}

function aboutFindings({ title, summary, body, attachments }: Checked): AccessibilityFinding[] {
  const findings: AccessibilityFinding[] = []
  if (tidy(title).length < SHORTEST_TITLE)
    findings.push({ level: 'blocking', rule: 'title-short', quote: title })
  if (isShouted(title)) findings.push({ level: 'blocking', rule: 'title-capitals', quote: title })
  if (!tidy(summary)) findings.push({ level: 'blocking', rule: 'summary-missing', quote: '' })
  if (!body && attachments.length === 0)
    findings.push({ level: 'blocking', rule: 'nothing-inside', quote: '' })
  if (!body && attachments.length > 0) findings.push({ level: 'advice', rule: 'only-attachment', quote: '' })
  for (const attachment of attachments) {
    const name = tidy(attachment.title)
    if (name.length < 4 || FILE_NAME.test(name))
      findings.push({ level: 'blocking', rule: 'attachment-title', quote: name })
  }
  return findings
}

/**
 * What keeps a text from being read by everybody, in reading order; nothing blocking is allowed through to publication.
 * Rules: WCAG 2.2 1.1.1 (pictures), 1.3.1 and 2.4.6 (headings), 2.4.4 (links), and plain-writing advice.
 */
export function accessibilityFindings(checked: Checked): AccessibilityFinding[] {
  const elements = elementsOf(checked.body)
  const inside = elements
    .map((element) => CHECKS[element.tag]?.(element) ?? null)
    .filter((found) => found !== null)
  return [...aboutFindings(checked), ...headingFindings(elements), ...inside].map((finding) => ({
    ...finding,
    quote: finding.quote.slice(0, 80),
  }))
}

export const isBlocking = (finding: AccessibilityFinding): boolean => finding.level === 'blocking'
