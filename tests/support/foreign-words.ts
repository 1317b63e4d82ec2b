import type { Page } from 'playwright-core'
import { demoPeople } from '#db/demo/people.ts'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import { type Language, LOCALES } from '#lib/words/locales.ts'

/** A school of the demonstration is called like its kind. */
const NAMES_OF_PLACES = ['Scuola secondaria di primo grado']

/** A piece of a sentence that is long enough to belong to no other language. */
const LONGEST_CHANCE = 14

/** The sentences of the program that would be seen on a page in this language, and the pieces of those with values. */
function italianOf(language: Language) {
  const entries = Object.entries(catalogueOf(language)).filter(([italian, said]) => italian !== said)
  const whole = entries.flatMap(([italian]) => (italian.includes('{') ? [] : [italian.trim()]))
  const pieces = entries.flatMap(([italian]) =>
    italian.includes('{') ? italian.split(/\{\w+\}/).filter((piece) => piece.length > LONGEST_CHANCE) : [],
  )
  return { whole: new Set(whole.filter((text) => text.length > 3)), pieces }
}

/** Words that no page in another language has. What is Italian and has none of them is in the catalogue, and found by its sentence. */
const TELL_TALE = new Set(
  (
    'il lo gli una uno dei degli delle del dello della nel nella nelle sul sulla dal dalla alla alle ai che chi sono è di da ogni ' +
    'anche oppure più già puoi hai tuo tua tuoi suo sua questo questa quando pasto pasti giorno giorni oggi domani ieri assente ' +
    'saldo ricarica ricariche mensa scuola figlio figlia figli genitore avviso avvisi comunicazione comunicazioni scegli scrivi ' +
    'vedi torna modifica nessun nessuna tutti tutte fino entro ufficio gestore disdetta disdetto notizie documenti prenotazioni ' +
    'pagamenti movimenti fattura fatture profilo deleghe delega accesso accessi notifiche moduli domanda servizio servizi altro ' +
    'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì mercoledì ' +
    'giovedì venerdì sabato domenica'
  ).split(' '),
)
/** Names that stay as they are within a sentence of another language. */
const NAMED =
  /quadernino degli avvisi|Garante per la protezione dei dati personali|Difensore civico per il digitale|Sistema di Interscambio|Agenzia delle Entrate|Via [\p{L}’ ]+|\p{Lu}\p{Ll}+ di \p{Lu}\p{Ll}+|\S+@\S+|Refezione Scolastica|Festa della Repubblica/gu

const tellsItalian = (text: string): boolean =>
  (
    text
      .replace(NAMED, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}’'-]+/gu) ?? []
  ).some((word) => TELL_TALE.has(word))

/** Names and abbreviations that Arabic keeps in our letters; every other Latin word there is a word that was left over. */
const KEPT_NAMES = [
  ...Object.values(demoPeople).flatMap(({ givenName, familyName }) => [givenName, familyName]),
  ...'Greta Sofia Moussa Albertini Mozzecane Refettorio Chrome Linux Safari Android iPhone iPad JavaScript'.split(
    ' ',
  ),
  ...'SPID CIE CieID PEC CAP PDF XML CSV JSON HTML SMS DPO URL WCAG EUPL AgID MyBank VISA MASTERCARD pagoPA'.split(
    ' ',
  ),
  ...'Outlook Excel Word Garante DOCX JPEG PNG WebP STD Nexi Arachidi certificato'.split(' '),
  'Tangram Cooperativa Sociale',
  'Sistema di Interscambio',
  'Agenzia delle Entrate',
  'Refezione Scolastica',
  'Studio Dati Sereni',
  'Google Calendar',
  'calendar.google.com',
  'Google',
  'Titillium Web',
  'SIL Open Font License',
  'CC BY',
]
// The order of a top-up is eighteen characters, by chance all of them letters.
const CODES =
  /\S+@\S+|https?:\S+|\b[A-Z0-9/-]*\d[A-Z0-9/-]*\b|\bR[A-Z]{17}\b|Via [^،]*\([A-Z]{2}\)|\b[a-z-]+\.(pdf|ics)\b/g
/** Not the initials of a person, nor the letters of a province. */
const LATIN = /\p{Script=Latin}{3,}|\p{Ll}/u

function leftInLatin(text: string, writtenThere: string): boolean {
  const rest = KEPT_NAMES.reduce((left, name) => left.replaceAll(name, ''), text.replace(CODES, ''))
  const runs = rest.match(/\p{Script=Latin}[\p{Script=Latin} ’.,-]*/gu) ?? []
  return runs.some((run) => LATIN.test(run) && !writtenThere.includes(run.trim().replace(/[.,]$/, '')))
}

/**
 * What a page says in Italian outside of what is marked so: news, names of schools and dishes, what people wrote.
 * @returns each text that was left over; none where the page speaks its language
 */
export async function italianOn(page: Page, language: Language): Promise<string[]> {
  const { said, writtenThere } = await page.evaluate(() => {
    // The title of a page is what a person wrote where its heading is.
    const heading = document.querySelector('h1')
    const isWritten = heading?.closest('[lang="it"]') ?? heading?.querySelector('[lang="it"]')
    const texts: string[] = isWritten ? [] : [document.title]
    for (const element of document.body.querySelectorAll('*')) {
      // What says its own language is Italian that a person wrote, or the name of a language in the switch.
      if (element.closest('[lang]') !== document.documentElement || element.closest('script, style')) continue
      // An attribute cannot say its language: what a person wrote stands between marks there.
      for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'])
        texts.push((element.getAttribute(name) ?? '').replace(/\u2068[^\u2069]*\u2069/g, ''))
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '')
    }
    return {
      said: texts.map((text) => text.trim()).filter(Boolean),
      writtenThere: [...document.querySelectorAll('[lang="it"]')].map((node) => node.textContent).join('\n'),
    }
  })
  const { whole, pieces } = italianOf(language)
  const isRightToLeft = LOCALES[language].direction === 'rtl'
  return [...new Set(said)].filter(
    (text) =>
      !NAMES_OF_PLACES.includes(text) &&
      (tellsItalian(text) ||
        whole.has(text) ||
        pieces.some((piece) => text.includes(piece)) ||
        (isRightToLeft && leftInLatin(text, writtenThere))),
  )
}

/** What a box hides of its own text because it is too narrow; a field lets what is typed in it run on. */
export const cutOn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.body.querySelectorAll(':not(input, select, textarea)')]
      .filter((box) => {
        const { overflowX } = getComputedStyle(box)
        const isHidden = overflowX === 'hidden' || overflowX === 'clip'
        return isHidden && box.clientWidth > 2 && box.scrollWidth > box.clientWidth + 1
      })
      .map((box) => `${box.tagName} ${(box.textContent ?? '').slice(0, 60)}`),
  )
